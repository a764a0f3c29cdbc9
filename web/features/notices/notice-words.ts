import type { TFunction } from 'i18next'
import type { WireNotice } from '../../api/notices.ts'
import { countryName } from '../../ui/countries.ts'
import { dayText, localDay } from '../../ui/dates.ts'

/** A notice in words: what happened, and what more there is to say of it. */
export type NoticeWords = { text: string; detail?: string }

/** Source: the payloads in contract/events.ts. What a notice lacks is left out, never guessed. */
export function noticeWords(t: TFunction, notice: WireNotice, isWholeOperator: boolean): NoticeWords {
  const { event, count, leads, channel, details } = notice
  const name = leads[0]?.companyName ?? t('notices.leadGone')
  const shown = count.toLocaleString()
  switch (event) {
    case 'lead.created':
    case 'lead.suspended':
    case 'lead.removed':
    case 'lead.merged':
    case 'lead.commented':
    case 'lead.channel-assigned':
    case 'lead.channel-removed':
    case 'lead.overdue':
    case 'lead.mail-failed':
      return {
        text: t(`notices.event.${event}`, { count, shown, name }),
        ...(isWholeOperator && channelWords(t, channel)),
      }
    case 'lead.owner-changed': {
      const what = details.reason === 'left' ? 'lead.owner-left' : event
      return {
        text: t(`notices.event.${what}`, { count, shown, name }),
        ...(isWholeOperator && channelWords(t, channel)),
      }
    }
    case 'lead.countries-changed':
      return { text: t(`notices.event.${event}`, { count, shown, name }), ...(count === 1 && countryWords(t, details)) }
    case 'lead.wanted-by-channel':
      return { text: t(`notices.event.${event}`, { who: text(details.askedBy), name: text(details.companyName) }) }
    case 'task.finished': {
      const title = text(details.title) || text(details.kind)
      const state = t(`tasks.state.${text(details.state) as 'succeeded'}`, { defaultValue: text(details.state) })
      return { text: t(`notices.event.${event}`, { title, state }) }
    }
    case 'sync.failed':
    case 'sync.recovered': {
      const what = SYNCED[text(details.job)] ?? 'leads'
      return { text: t(`notices.event.${event}.${what}`), detail: text(details.message) }
    }
    case 'sync.listing-shrank': {
      const [missing, known] = [numberText(details.missing), numberText(details.known)]
      return { text: t(`notices.event.${event}`, { missing, known }), detail: t('notices.nothingRemoved') }
    }
    case 'connection.secret-expiring':
      return secretWords(t, details)
    case 'webhook.event-dead': {
      const dead = typeof details.count === 'number' ? details.count : 1
      const words = { name: text(details.name), count: dead }
      return { text: t(`notices.event.${event}`, words), detail: text(details.lastError) }
    }
    case 'webhook.paused':
    case 'webhook.failing':
    case 'webhook.recovered':
      return { text: t(`notices.event.${event}`, { name: text(details.name) }), detail: text(details.lastError) }
    case 'sbc.unreachable':
    case 'sbc.recovered':
    case 'sbc.changed-by-hand':
      return { text: t(`notices.event.${event}`, { name: text(details.name) }), detail: text(details.detail) }
    case 'service.created':
    case 'service.deleted':
      return {
        text: t(`notices.event.${event}`, { count, shown, name: text(details.fullName) }),
        ...(isWholeOperator && channelWords(t, channel)),
      }
    case 'service.needs-decision': {
      const [service, status] = [text(details.fullName), text(details.status)]
      return { text: t(`notices.event.${event}`, { name: service, status }), detail: t('notices.goesOn') }
    }
    case 'license.threshold':
      return licenseWords(t, notice)
    default:
      return { text: unknownEvent(event) }
  }
}

/** What a sync fetches; any other job is taken for that of the leads. */
const SYNCED: Partial<Record<string, 'addresses' | 'trunks'>> = {
  'peering.sync-addresses-job': 'addresses',
  'peering.sync-trunks-job': 'trunks',
}

/** One that this page is too old to know. */
function unknownEvent(event: never): string {
  return String(event)
}

function channelWords(t: TFunction, channel: WireNotice['channel']): { detail?: string } {
  return channel?.name ? { detail: t('notices.ofChannel', { name: channel.name }) } : {}
}

function countryWords(t: TFunction, { added, removed }: WireNotice['details']): { detail?: string } {
  const names = (codes: unknown) =>
    (Array.isArray(codes) ? codes : []).map((code) => countryName(String(code))).join(', ')
  const parts = [
    names(added) && t('notices.added', { countries: names(added) }),
    names(removed) && t('notices.dropped', { countries: names(removed) }),
  ].filter(Boolean)
  return parts.length > 0 ? { detail: parts.join(' · ') } : {}
}

function secretWords(t: TFunction, { on, daysLeft, state }: WireNotice['details']): NoticeWords {
  const day = localDay(text(on))
  const detail = day ? { detail: t('notices.lastDay', { day: dayText(day) }) } : {}
  if (state === 'expired' || typeof daysLeft !== 'number') return { text: t('notices.secretEnded'), ...detail }
  return { text: t('notices.secretEnds', { count: daysLeft }), ...detail }
}

function licenseWords(t: TFunction, { channel, details }: WireNotice): NoticeWords {
  const kind = text(details.kind) === 'licensed-users' ? 'licensed-users' : 'customers'
  const state = text(details.state) === 'exhausted' || text(details.state) === 'grace' ? text(details.state) : 'warning'
  return {
    text: t(`notices.event.license.threshold.${state as 'warning'}`, { kind: t(`notices.licenses.${kind}`) }),
    detail: [
      t('notices.licensesUsed', { used: numberText(details.used), size: numberText(details.size) }),
      channelWords(t, channel).detail,
    ]
      .filter(Boolean)
      .join(' · '),
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function numberText(value: unknown): string {
  return typeof value === 'number' ? value.toLocaleString() : ''
}
