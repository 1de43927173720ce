import type { CallContext } from "../rule.ts";

/** The call as a layer inside the called one sees it: its weights lie in folder `scope`. */
export function scoped<C extends CallContext>(call: C, scope: string): C {
  if (scope === "") return call;
  const below = (folder: string): string[] => {
    if (folder === scope) return [""];
    return folder.startsWith(`${scope}/`) ? [folder.slice(scope.length + 1)] : [];
  };
  return {
    ...call,
    scopes: call.scopes.flatMap(below),
    weight: (name, rank) => call.weight(`${scope}/${name}`, rank),
    update: (name, value) => call.update(`${scope}/${name}`, value),
    carried: (name, type) => call.carried(`${scope}/${name}`, type),
    carry: (name, value) => call.carry(`${scope}/${name}`, value),
  };
}
