import type { ScriptPurpose } from '../../../contract/script-templates.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { StepContext, waitFor } from '../../platform/tasks/index.ts'
import type {
  DialPlanChange,
  DialPlanRule,
  NamedDialPlan,
  ObjectChange,
  ObjectCheck,
  SbcObject,
} from '../../sbc/index.ts'
import type { Sbc } from './sbc.ts'

/** What a step answers when it has to wait. */
export type Wait = ReturnType<typeof waitFor>

/** A script for one device, named by its template and what it is about. */
export type ScriptAsked = {
  sbcId: number
  purpose: ScriptPurpose
  templateId: number
  /** Left out: the current one. */
  templateVersion?: number
  /** By name, without regard to letter case and blanks. Secrets too: they are kept nowhere here. */
  variables: Readonly<Record<string, string>>
  /**
   * Whose objects it makes or removes: `service/<guid>`, or below it `service/<guid>/<connection>`. Objects of another owner
   * are never touched, and a script that makes what somebody else of the same service has made is refused.
   */
  owner: string
}

/** The same as part of a step of a task. */
export type ScriptJob = ScriptAsked & {
  /** What it is for, in words: "Connect contoso to Seattle 2". Shown to whoever applies it by hand. */
  title: string
  /** Unique in the task, also over its steps and sites: `connect/<site id>`. */
  key: string
}

export type RenderedTemplate = {
  templateId: number
  templateName: string
  version: number
  /** Of the device's language, secrets in it: for the device only. */
  script: string
  /** Secrets as `<Name>`. */
  shown: string
  secrets: string[]
  /** It has nothing but blanks and comments: nothing is written to the SBC. */
  writesNothing: boolean
}

/** A device as those know it who choose one. `trouble`: why it did not answer when it was last asked, in words. */
export type SbcDevice = { sbcId: number; name: string; trunkFqdns: string[]; trouble: string | null }

export type Trouble = { code: string; detail: string; remedy: string }

/** Whether a script could be applied now. Nothing is changed by asking. */
export type Preflight = {
  ok: boolean
  sbc: { sbcId: number; name: string; mode: 'automatic' | 'manual'; version: string | null; state: string | null }
  /** False: there is no driver or no address; somebody applies the script. */
  asked: boolean
  trouble: Trouble | null
  tables: { table: string; used: number; limit: number | null; left: number | null }[]
  /** Empty when nothing was asked. */
  changes: ObjectChange[]
  conflicts: { table: string; name: string }[]
  missingReferences: { table: string; name: string; referredBy: string }[]
  /** ISO instant when the change window opens next; null: it is open, or there is none. */
  opensAt: string | null
}

/** What came of a script. */
export type WorkDone = {
  /** nothing: the template writes nothing · driver: Leadline did it · person: somebody ticked it off. */
  by: 'nothing' | 'driver' | 'person'
  templateId: number
  templateVersion: number
  changes: ObjectChange[]
  /** What the device printed, secrets masked: to be kept with the task. */
  output: string
  /** Who, in words. */
  appliedBy: string | null
}

/** Where an object is on a device. */
export type Place = { table: string; name: string }

/** What is left of an owner on a device. */
export type Survey = {
  sbcName: string
  mode: Sbc['mode']
  /** Why nobody could look; null: the device was read. */
  unread: Trouble | null
  /** Its objects that are there, or of which nobody could see whether they are. */
  left: Place[]
  /** Objects of the names asked for that are nobody's in our books. */
  others: Place[]
  dialPlans: NamedDialPlan[]
}

/** How one object of an owner is. */
export type OwnedCheck = ObjectCheck & { sbcId: number; sbcName: string }

export type OwnerCheck = {
  /** Objects that are ours, on every device that could be asked. */
  objects: OwnedCheck[]
  /** Devices that could not be asked, and why; for those without a driver `code` is `sbc-not-asked`. */
  unasked: ({ sbcId: number; sbcName: string } & Trouble)[]
}

/**
 * Work on SBCs for tasks of process modules. Mode, driver, lock, change window and orders are its own business: a step calls
 * `apply` and hands on what it answers, also when that is to wait. Fails with SbcError (which carries what the runner of tasks
 * needs: code, remedy, whether waiting helps) or AppError.
 *
 * It works in the scope of the operator, whoever asked for the task: people of a channel see no device, and their services
 * are put on one all the same.
 */
export type SbcWork = {
  /** 422 `script-variables` naming every wrong, missing or unknown variable; 404 for an unknown template. */
  render(
    operatorId: number,
    asked: Pick<ScriptAsked, 'templateId' | 'templateVersion' | 'variables'>,
  ): Promise<RenderedTemplate>

  /** 422 as `render`; 404 for an unknown device. What is wrong with the device is in the answer, and throws nothing. */
  preflight(operatorId: number, asked: ScriptAsked, signal: AbortSignal): Promise<Preflight>

  /**
   * Applies a script: by the driver under the lock of the device, or by a person, for whom an order is opened. To be repeated
   * until it answers something else than to wait; repeated after that it changes nothing and answers the same way.
   * Throws SbcError `rejected` when whoever was to apply it has refused.
   */
  apply(context: StepContext, job: ScriptJob): Promise<WorkDone | Wait>

  /**
   * For the undo of a step that called `apply` with `job`: withdraws an order that nobody has applied; removes what was made,
   * with the cleanup template, and nothing else. Where a person has applied it, an order for the cleanup is opened and nobody
   * waits for it: the task says so. `cleanup` null: the objects are removed one by one, without a template (driver only).
   */
  takeBack(
    context: StepContext,
    job: ScriptJob,
    cleanup: Pick<ScriptAsked, 'templateId' | 'variables'> | null,
  ): Promise<void>

  /**
   * For the undo of a step that called `apply` to remove something: an order that nobody has applied is withdrawn. Answers
   * what was removed: nothing (`untouched`), what a person has taken off (`by-hand`), or what Leadline may have (`by-driver`).
   */
  giveUp(context: StepContext, job: Pick<ScriptJob, 'sbcId' | 'key'>): Promise<'untouched' | 'by-hand' | 'by-driver'>

  /**
   * Takes off a device what stands in our books as exactly this owner's, object by object and without a template: what was
   * adopted, or what a cleanup script has left. Manual devices get an order. To be repeated as `apply`.
   */
  removeOwned(
    context: StepContext,
    asked: Pick<ScriptJob, 'sbcId' | 'owner' | 'title' | 'key'>,
  ): Promise<WorkDone | Wait>

  /**
   * Looks what is left of an owner, and of those below it, on a device. What stands in our books and is not there any more is
   * struck out. Throws SbcError where a device that Leadline works itself does not answer.
   */
  survey(
    operatorId: number,
    sbcId: number,
    asked: {
      owner: string
      /** What it had there, whatever the books say by now. */
      objects: readonly Place[]
      /** Names that objects of others may have which look like its own. */
      names: readonly string[]
    },
    signal: AbortSignal,
  ): Promise<Survey>

  /** Whether what an owner, and all below it, have on the devices is as it was left. */
  checkOwner(operatorId: number, owner: string, signal: AbortSignal): Promise<OwnerCheck>

  /** Objects that stand in our books as this owner's or of those below it: empty when all is cleaned. */
  objectsOf(operatorId: number, owner: string): Promise<(Place & { sbcId: number; owner: string })[]>

  /** What is on a device under these names. Throws SbcError. */
  findObjects(operatorId: number, sbcId: number, names: readonly string[], signal: AbortSignal): Promise<SbcObject[]>

  /** Takes objects that are there into our books, for adopting a service; changes nothing on the device. */
  adoptObjects(principal: OperatorPrincipal, sbcId: number, owner: string, objects: readonly SbcObject[]): Promise<void>

  /** Null: there is no such dial plan, or the device cannot be asked. */
  dialPlan(operatorId: number, sbcId: number, name: string, signal: AbortSignal): Promise<DialPlanRule[] | null>

  /** All dial plans of a device that Leadline works; null: only people change it. Throws SbcError. */
  dialPlans(operatorId: number, sbcId: number, signal: AbortSignal): Promise<NamedDialPlan[] | null>

  /**
   * Under the lock of the device, automatic mode only: 409 `sbc-manual` otherwise. `anyTime`: for an undo, which waits for no
   * change window.
   */
  changeDialPlan(
    context: StepContext,
    sbcId: number,
    name: string,
    change: DialPlanChange,
    options?: { anyTime: true },
  ): Promise<{ added: number; removed: number } | Wait>

  /** All devices with the FQDNs of the trunks that they carry, folded. */
  devices(operatorId: number): Promise<SbcDevice[]>
}

/**
 * Variables that Leadline gives by itself, so that no form asks for them. Source: rest-api.md S2; portal.md 4.
 * `OnlinePstnGateway` is the name of Microsoft's trunk.
 */
export const GIVEN_VARIABLES = [
  'ShortName',
  'ObjectName',
  'FullName',
  'MsTenantId',
  'ServiceId',
  'SiteName',
  'OnlinePstnGateway',
] as const

/** Templates that come with Leadline; their ids never change. Those of the numbers are the documented ones (rest-api.md 2.9). */
export const BUILT_IN_TEMPLATE_IDS = {
  tenantOnboarding: 10,
  tenantCleanup: 11,
  ipGroupOnboarding: 12,
  ipGroupCleanup: 13,
  taggedGroupOnboarding: 14,
  taggedGroupCleanup: 15,
  ipGroupBar: 16,
  ipGroupUnbar: 17,
  numberAdd: 5000,
  numberRemove: 5001,
} as const
