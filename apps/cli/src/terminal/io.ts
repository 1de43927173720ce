/** Where a command's words go. */
export interface Io {
  /** The result; a line break is added. */
  out(text: string): void;
  /** A line for people; what programs read is never here. */
  err(text: string): void;
  /** Rewrites the last line for people on a terminal, "" takes it away; nothing elsewhere. */
  status(text: string): void;
  /** Whether people watch: then progress rewrites one line, else it is a line now and then. */
  readonly interactive: boolean;
}

/** The parts of a writable stream that are used. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = "\r\u001b[2K";

/** Words to a process' streams. */
export function streamIo(stdout: Stream, stderr: Stream): Io {
  const interactive = stderr.isTTY === true;
  let shown = "";
  const clear = (): void => {
    if (shown !== "") stderr.write(CLEAR_LINE);
    shown = "";
  };
  return {
    interactive,
    out(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    err(text) {
      const kept = shown;
      clear();
      stderr.write(`${text}\n`);
      this.status(kept);
    },
    status(text) {
      if (!interactive) return;
      clear();
      shown = text.slice(0, (stderr.columns || 80) - 1); // a line that wraps can't be taken away; 0: width unknown
      stderr.write(shown);
    },
  };
}
