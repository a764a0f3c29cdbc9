/** Parts of a tag, `tag` or `name=value`, joined by `;`. */
function partsOf(tag: string): string[] {
  return tag.split(';').flatMap((part) => {
    const value = part.trim().toLowerCase()
    return [value, value.slice(value.indexOf('=') + 1)]
  })
}

/** Whether a rule of a plan that all customers share is this customer's. Source: domain/sbc.md, Dial plan. */
export function isOwnTag(tag: string, owner: { shortName: string; tenantId: string }): boolean {
  const parts = partsOf(tag)
  return parts.includes(owner.shortName.toLowerCase()) || parts.includes(owner.tenantId.toLowerCase())
}

/** Prefixes that stand in the plan for somebody else: they are neither taken over nor removed. */
export function foreignPrefixes(
  plan: readonly { prefix: string; tag: string }[],
  prefixes: readonly string[],
  owner: { shortName: string; tenantId: string },
): string[] {
  const foreign = new Set(plan.filter(({ tag }) => !isOwnTag(tag, owner)).map(({ prefix }) => prefix))
  return prefixes.filter((prefix) => foreign.has(prefix))
}
