import { compareWithSynchronize } from "./entities-synchronize.ts";

compareWithSynchronize("typeorm");
