import { exitCodes } from "../../core/errors.ts";
import { type Common, common, location } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";

export const doctor: Register = (program, done) => {
  common(
    program
      .command("doctor")
      .description("Check configuration, versions, connection, rights, journal and graph; each line says how to mend it."),
    "limbeck doctor",
  ).action(async (options: Common) => {
    const app = await import("../../app/doctor.ts");
    const out = output(options);
    const result = await app.doctor(location(options));
    out.result(result, () =>
      result.checks
        .map(({ name, ok, detail, fix }) => {
          const mark = ok ? out.paint("green", "ok  ") : out.paint("red", "FAIL");
          return `${mark} ${name.padEnd(14)} ${printable(detail)}${ok || fix === "" ? "" : `\n       ${printable(fix).replaceAll("\n", "\n       ")}`}`;
        })
        .join("\n"),
    );
    done(result.checks.every(({ ok }) => ok) ? 0 : exitCodes.failed);
  });
};
