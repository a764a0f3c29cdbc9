/**
 * For each rule of .dependency-cruiser.cjs, imports that break it: from file, to file or package. tools/boundaries.ts
 * lays them out in an empty folder, where nothing else is, and wants each rule to strike exactly there.
 */
export const PLANTED: Record<string, [from: string, to: string][]> = {
  'ground-imports-nothing-above-it': [
    ['contract/leads.ts', 'server/platform/db/database.ts'],
    ['server/kernel/ids.ts', 'server/modules/audit/index.ts'],
  ],
  'technique-imports-nothing-above-it': [
    ['server/platform/jobs/runner.ts', 'server/modules/jobs/index.ts'],
    ['server/microsoft/client.ts', 'server/modules/leads/index.ts'],
  ],
  'base-imports-nothing-above-it': [
    ['server/modules/operators/connection.service.ts', 'server/modules/peering/index.ts'],
    ['server/modules/jobs/jobs.service.ts', 'server/modules/leads/index.ts'],
  ],
  'domain-imports-nothing-above-it': [['server/modules/leads/lead.service.ts', 'server/modules/onboarding/index.ts']],
  'process-imports-nothing-above-it': [
    ['server/modules/peering/sync.ts', 'server/context.ts'],
    ['server/modules/reports/index.ts', 'server/commands/start.ts'],
  ],
  'contract-imports-nothing-of-ours': [['contract/tokens.ts', 'server/kernel/ids.ts']],
  'kernel-imports-nothing-of-ours': [['server/kernel/clock.ts', 'server/platform/http/index.ts']],
  'clients-are-strangers': [
    ['server/microsoft/retries.ts', 'server/platform/db/database.ts'],
    ['server/sbc/driver.ts', 'server/microsoft/index.ts'],
  ],
  'one-door-per-module': [['server/modules/peering/store-page.ts', 'server/modules/leads/lead.rules.ts']],
  'one-door-from-outside': [
    ['server/routes.ts', 'server/modules/leads/lead.store.ts'],
    ['server/commands/job.ts', 'server/modules/jobs/jobs.service.ts'],
    ['test/main-job.db.test.ts', 'server/modules/leads/lead.store.ts'],
  ],
  'domain-modules-are-strangers': [['server/modules/services/index.ts', 'server/modules/numbers/index.ts']],
  'processes-talk-by-events': [['server/modules/webhooks/index.ts', 'server/modules/onboarding/index.ts']],
  'rules-are-pure': [
    ['server/modules/leads/lead.rules.ts', 'node:fs'],
    ['server/modules/audit/journal.policy.ts', 'server/platform/http/index.ts'],
  ],
  'sql-only-in-stores': [
    ['server/modules/numbers/number.service.ts', 'kysely'],
    ['server/modules/operators/channel.service.ts', 'pg'],
    ['server/modules/operators/channel.view.ts', 'server/platform/db/database.ts'],
  ],
  'routes-are-thin': [['server/modules/leads/routes/list-leads.ts', 'server/modules/leads/lead.store.ts']],
  'web-uses-the-api': [['web/features/leads/leads-page.tsx', 'server/kernel/ids.ts']],
  'web-features-are-strangers': [['web/features/jobs/jobs-page.tsx', 'web/features/leads/leads-page.tsx']],
  'web-ui-knows-no-domain': [['web/ui/table.tsx', 'web/api/client.ts']],
  'sim-is-independent': [['sim/entra.ts', 'contract/leads.ts']],
  'server-starts-no-simulator-code': [['server/sandbox.ts', 'sim/simulator.ts']],
  'product-needs-no-tests': [
    ['server/platform/db/migrate.ts', 'test/harness/database.ts'],
    ['server/platform/events/dispatcher.ts', 'server/platform/events/events.fixture.ts'],
  ],
  'product-needs-no-test-packages': [['server/platform/http/query.ts', 'fast-check']],
  'no-unresolved-imports': [['server/platform/http/body.ts', 'no-such-package']],
  'no-unlisted-packages': [['server/platform/http/send-answer.ts', 'fast-json-stringify']],
  'no-cycles': [
    ['sim/world.ts', 'sim/faults.ts'],
    ['sim/faults.ts', 'sim/world.ts'],
  ],
}
