import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Walks the built portal in a real Chromium, against the whole sandbox: `vitest run --config test/e2e/vitest.config.ts`.
// LEADLINE_SHOTS=<folder> also keeps pictures of every page.
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    projects: [
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          env: { LEADLINE_TEST_POSTGRES: '' },
          globalSetup: ['test/harness/postgres-server.ts', 'test/e2e/harness/build-portal.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
    fileParallelism: false,
  },
})
