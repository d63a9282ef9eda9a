import type { Command } from "commander";

/** Adds one command to the program; `done` takes its exit code. */
export type Register = (program: Command, done: (code: number) => void) => void;
