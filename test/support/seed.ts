import fc from "fast-check";

/** What lands must not depend on luck: the laws try the same cases each time. LAWS_SEED=$RANDOM looks further. */
fc.configureGlobal({ seed: Number(process.env.LAWS_SEED ?? 20261121) });
