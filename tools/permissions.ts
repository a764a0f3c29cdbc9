import { readFile, writeFile } from 'node:fs/promises'
import { roleMatrix } from '../contract/roles.ts'

// Writes docs/permissions.md from contract/roles.ts; with --check it only says whether the committed one is fresh.
const file = new URL('../docs/permissions.md', import.meta.url)

function permissionsText(): string {
  const { tiers, levels, permissions, roles } = roleMatrix
  const heading = [
    'Permission',
    ...roles.map(({ tier, level }) => `${tier} tier, ${level === 'operator' ? 'operator level' : level}`),
    'What it lets one do',
  ]
  const rows = permissions.map(({ id, meaning }) => [
    `\`${id}\``,
    ...roles.map((role) => (role.permissions.some((held) => held === id) ? '✓' : '–')),
    meaning,
  ])
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  const list = (entries: { meaning: string }[]) => entries.map(({ meaning }) => `- ${meaning}.`).join('\n')
  return `# Who may do what

<!-- Written by tools/permissions.ts from contract/roles.ts. Do not edit. -->

A person has a role for an operator: a tier, which says how far it reaches, and a level, which says what it does there. Each pair is
a set of permissions; \`GET /api/v4/roles\` answers the same, and every endpoint of [the API](../openapi.json) names the one it asks
for as \`x-permission\`. An API client has a set of its own. Nobody gives a permission that he does not hold.

Tiers:

${list(tiers)}

Levels:

${list(levels)}

${[heading, heading.map(() => '---'), ...rows].map(line).join('\n')}
`
}

const text = permissionsText()
if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '')
  if (committed !== text) {
    console.error(
      'docs/permissions.md does not match contract/roles.ts: run `node tools/permissions.ts` and commit it.',
    )
    process.exitCode = 1
  }
} else {
  await writeFile(file, text)
  console.log(`docs/permissions.md: ${roleMatrix.permissions.length} permissions, ${roleMatrix.roles.length} roles`)
}
