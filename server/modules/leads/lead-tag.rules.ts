/** The tag of one state of a lead: changes with every change of it, whoever makes it. */
export function leadTag(leadId: string, changedAt: Date): string {
  return `lead.${leadId}.${changedAt.getTime()}`
}
