import { Help, type HelpConfiguration } from "commander";

/** Of a flag and its value; longer ones have a line of their own. */
const TERM = 26;

/** commander lays a list out by its longest flag, and doesn't wrap what is left of 80 columns then. */
export const help: HelpConfiguration = {
  padWidth(command, helper) {
    return Math.min(TERM, Help.prototype.padWidth.call(helper, command, helper));
  },
  formatItem(term, width, description, helper) {
    const item = (name: string): string => Help.prototype.formatItem.call(helper, name, width, description, helper);
    return helper.displayWidth(term) > width && description !== "" ? `  ${term}\n${item("")}` : item(term);
  },
};
