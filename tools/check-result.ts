/** How one check ended. `output` is everything it said, shown when something failed. */
export type CheckResult = { passed: number; failed: number; summary: string; output: string }

/** The check cannot be done on this machine, and why: shown and counted, never passed over in silence. */
export type Skipped = { skipped: string }
