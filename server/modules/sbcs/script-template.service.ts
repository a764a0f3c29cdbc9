import { SCRIPT_TEMPLATES_MAX, type ScriptPurpose } from '../../../contract/script-templates.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { demandMatch } from '../../platform/http/index.ts'
import { foldVariable, type Rendering, renderScript, type TemplateVariable, templateProblems } from '../../sbc/index.ts'
import { journal } from '../audit/index.ts'
import { BUILT_IN_SCRIPTS, GIVEN } from './built-in-scripts.ts'
import { withGiven, writesNothing } from './script-template.rules.ts'
import { type StoredTemplate, scriptTemplateStore } from './script-template.store.ts'

/** A template, wherever it comes from. `changedAt` null: it came with Leadline. */
export type ScriptTemplate = Omit<StoredTemplate, 'changedAt' | 'changedBy'> & {
  changedAt: Date | null
  changedBy: string | null
  isBuiltIn: boolean
}

export type TemplateAsked = {
  name?: string
  description?: string
  make?: string
  script?: string
  variables?: TemplateVariable[]
}
export type NewTemplate = TemplateAsked & { name: string; script: string; purpose: ScriptPurpose }

export type ScriptTemplateService = ReturnType<typeof createScriptTemplateService>

/** Script templates of an operator, beside those that Leadline brings along. */
export function createScriptTemplateService({ transact, clock }: { transact: Transact; clock: Clock }) {
  async function lock(tx: Tx, templateId: number, ifMatch: string | undefined): Promise<StoredTemplate> {
    if (BUILT_IN_SCRIPTS.some((one) => one.templateId === templateId)) throw builtInStays()
    const template = await scriptTemplateStore(tx).lock(templateId)
    if (!template) throw notFound('The script template')
    demandMatch(ifMatch, templateTag({ ...template, isBuiltIn: false }))
    return template
  }

  async function demandName(tx: Tx, { name, templateId }: Pick<StoredTemplate, 'name' | 'templateId'>): Promise<void> {
    const isTaken =
      BUILT_IN_SCRIPTS.some((one) => one.name.toLowerCase() === name.toLowerCase()) ||
      (await scriptTemplateStore(tx).isNameTaken(name, templateId))
    if (isTaken) throw nameTaken(name)
  }

  return {
    list: (principal: OperatorPrincipal, purpose?: ScriptPurpose): Promise<ScriptTemplate[]> =>
      transact(principal, async (tx) => {
        const all = [...BUILT_IN_SCRIPTS.map(ofBuiltIn), ...(await scriptTemplateStore(tx).list()).map(ofStored)]
        const wanted = all.filter((one) => purpose === undefined || one.purpose === purpose)
        return wanted.sort((a, b) => ORDER.indexOf(a.purpose) - ORDER.indexOf(b.purpose) || a.templateId - b.templateId)
      }),

    get: (principal: OperatorPrincipal, templateId: number, version?: number): Promise<ScriptTemplate> =>
      transact(principal, (tx) => findTemplate(tx, templateId, version)),

    create: (principal: OperatorPrincipal, asked: NewTemplate): Promise<ScriptTemplate> =>
      transact(principal, async (tx) => {
        const store = scriptTemplateStore(tx)
        const now = clock.now()
        if ((await store.list()).length >= SCRIPT_TEMPLATES_MAX) throw tooMany()
        const made: StoredTemplate = {
          ...{ templateId: await store.takeId(), name: asked.name.trim(), purpose: asked.purpose },
          ...{ description: asked.description ?? '', make: (asked.make ?? 'mediant').trim(), script: asked.script },
          ...{ variables: asked.variables ?? [], version: 1, revision: 1, changedAt: now, changedBy: principal.name },
        }
        demandSound(made)
        await demandName(tx, made)
        await store.insert(made)
        const { script, ...facts } = factsOf(made)
        await journal(tx).append({
          ...{ action: 'script-template.created', object: objectOf(made) },
          after: { ...facts, script },
        })
        return ofStored(made)
      }),

    /** The same again changes nothing; a change of script or variables makes a new version. */
    update: (
      principal: OperatorPrincipal,
      templateId: number,
      asked: TemplateAsked,
      ifMatch?: string,
    ): Promise<ScriptTemplate> =>
      transact(principal, async (tx) => {
        const before = await lock(tx, templateId, ifMatch)
        const wanted = { ...before, ...given(asked) }
        demandSound(wanted)
        if (JSON.stringify(factsOf(before)) === JSON.stringify(factsOf(wanted))) return ofStored(before)
        await demandName(tx, wanted)
        const isNew = scriptOf(before) !== scriptOf(wanted)
        const after: StoredTemplate = {
          ...wanted,
          version: isNew ? before.version + 1 : before.version,
          revision: before.revision + 1,
          changedAt: clock.now(),
          changedBy: principal.name,
        }
        if (isNew) await scriptTemplateStore(tx).insertVersion(after)
        await scriptTemplateStore(tx).update(after)
        await journal(tx).append({
          ...{ action: 'script-template.changed', object: objectOf(after) },
          ...{ before: factsOf(before), after: factsOf(after) },
        })
        return ofStored(after)
      }),

    remove: (principal: OperatorPrincipal, templateId: number, ifMatch?: string): Promise<void> =>
      transact(principal, async (tx) => {
        const template = await lock(tx, templateId, ifMatch)
        await scriptTemplateStore(tx).remove(templateId, clock.now())
        await journal(tx).append({
          ...{ action: 'script-template.deleted', object: objectOf(template) },
          ...{ before: factsOf(template), after: null },
        })
      }),
  }
}

/** The current version, or the one asked for. Throws 404. */
export async function findTemplate(tx: Tx, templateId: number, version?: number): Promise<ScriptTemplate> {
  const builtIn = BUILT_IN_SCRIPTS.find((one) => one.templateId === templateId)
  if (builtIn && (version === undefined || version === builtIn.version)) return ofBuiltIn(builtIn)
  const store = scriptTemplateStore(tx)
  const found = version === undefined ? await store.find(templateId) : await store.findVersion(templateId, version)
  if (!found) throw notFound('The script template')
  return ofStored(found)
}

/** All variables: those that Leadline gives, then those that the template declares. */
export function variablesOf(template: Pick<ScriptTemplate, 'script' | 'variables'>): TemplateVariable[] {
  return withGiven(template.script, template.variables, GIVEN)
}

export function renderTemplate(
  template: Pick<ScriptTemplate, 'script' | 'variables'>,
  values: Readonly<Record<string, string>>,
): Rendering {
  const given = Object.entries(values)
  const shortName = given.find(([name]) => foldVariable(name) === 'shortname')?.[1]
  // As it is for the first SIP connection of a service: whoever tries a script out need not name it.
  const named = shortName === undefined || given.some(([name]) => foldVariable(name) === 'objectname')
  const all = named ? values : { ...values, ObjectName: shortName }
  return renderScript({ script: template.script, variables: variablesOf(template) }, all)
}

/** The tag that the next change of a template may name. */
export function templateTag({
  templateId,
  revision,
}: Pick<ScriptTemplate, 'templateId' | 'revision' | 'isBuiltIn'>): string {
  return `script-template-${templateId}-${revision}`
}

export { writesNothing }

const ORDER: ScriptPurpose[] = ['onboarding', 'cleanup', 'number-add', 'number-remove', 'bar', 'unbar']

const ofStored = (stored: StoredTemplate): ScriptTemplate => ({ ...stored, isBuiltIn: false })
const ofBuiltIn = (builtIn: (typeof BUILT_IN_SCRIPTS)[number]): ScriptTemplate => ({
  ...builtIn,
  revision: builtIn.version,
  changedAt: null,
  changedBy: null,
  isBuiltIn: true,
})

function given({ name, description, make, script, variables }: TemplateAsked): Partial<StoredTemplate> {
  return {
    ...(name !== undefined && { name: name.trim() }),
    ...(description !== undefined && { description }),
    ...(make !== undefined && { make: make.trim() }),
    ...(script !== undefined && { script }),
    ...(variables !== undefined && { variables }),
  }
}

function demandSound(template: StoredTemplate): void {
  const problems = templateProblems(template.script, variablesOf(template))
  if (problems.length === 0) return
  throw badRequest(
    problems.map(({ variable, detail }) => ({
      pointer: variable === '' ? '/body/script' : `/body/variables/${variable}`,
      detail,
    })),
  )
}

const scriptOf = ({ script, variables }: StoredTemplate) => JSON.stringify([script, variables])

function factsOf({ name, purpose, description, make, script, variables }: StoredTemplate) {
  return { name, purpose, description, make, script, variables }
}

function objectOf({ templateId, name }: StoredTemplate) {
  return { type: 'script-template', id: String(templateId), name }
}

function nameTaken(name: string): AppError {
  const detail = `There is a script template called "${name}" already. Choose another name.`
  return new AppError({ code: 'script-template-name-taken', status: 409, detail })
}

function tooMany(): AppError {
  const detail = `There are ${SCRIPT_TEMPLATES_MAX} script templates already: delete one first.`
  return new AppError({ code: 'script-templates-full', status: 409, detail })
}

function builtInStays(): AppError {
  const detail = 'This script template came with Leadline and stays as it is. Copy it, and change the copy.'
  return new AppError({ code: 'script-template-built-in', status: 409, detail })
}
