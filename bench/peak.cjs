// Loaded before a command: leaves behind how much memory it took at most.
process.on("exit", () => require("node:fs").writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));
