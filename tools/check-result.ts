/** How one check ended. `output` is everything it said, shown when something failed. */
export type CheckResult = { passed: number; failed: number; summary: string; output: string }
