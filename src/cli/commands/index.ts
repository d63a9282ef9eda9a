import type { Register } from "../register.ts";
import { adopt } from "./adopt.ts";
import { check } from "./check.ts";
import { current } from "./current.ts";
import { diff } from "./diff.ts";
import { doctor } from "./doctor.ts";
import { downgrade } from "./downgrade.ts";
import { edit } from "./edit.ts";
import { branches, heads } from "./heads.ts";
import { history } from "./history.ts";
import { init } from "./init.ts";
import { merge } from "./merge.ts";
import { repair } from "./repair.ts";
import { resolve } from "./resolve.ts";
import { revision } from "./revision.ts";
import { show } from "./show.ts";
import { squash } from "./squash.ts";
import { stamp } from "./stamp.ts";
import { upgrade } from "./upgrade.ts";
import { verify } from "./verify.ts";

/** In the order of a day's work; `--help` lists them so. */
export const commands: readonly Register[] = [
  init,
  revision,
  resolve,
  upgrade,
  downgrade,
  check,
  diff,
  verify,
  current,
  history,
  heads,
  branches,
  show,
  edit,
  merge,
  squash,
  stamp,
  adopt,
  repair,
  doctor,
];
