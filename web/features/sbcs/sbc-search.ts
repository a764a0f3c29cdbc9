export const tabs = ['devices', 'templates', 'orders'] as const
export type SbcTab = (typeof tabs)[number]

/** What of SBCs is shown: a tab, and the device, template or order whose panel is open. */
export type SbcSearch = { tab?: SbcTab; open?: string }

export function readSbcSearch({ tab, open }: Record<string, unknown>): SbcSearch {
  const known = tabs.find((one) => one === tab)
  return {
    ...(known && { tab: known }),
    ...(typeof open === 'string' && /^(new|\d{1,10}|[\da-f-]{36})$/.test(open) && { open }),
  }
}
