import { control, operators, organization, ownTenant } from './control-client.js'
import { badge, button, countryName, el, logo, openPanel, pageHead, toast } from './dom.js'
import { countryPicker } from './operators-page.js'

/** The operators of the organization that is played, and what can be done about each. */
export async function showConsents(refresh) {
  const [all, tenant] = await Promise.all([operators(), ownTenant()])
  const { company } = organization()
  const head = pageHead(
    'My operators',
    company === '' ? 'The operators your organization has added.' : `The operators that ${company} has added.`,
  )
  if (tenant.consents.length === 0) {
    return [
      head,
      el(
        'div',
        { class: 'empty' },
        el('h2', {}, 'No operator yet'),
        el(
          'p',
          {},
          'Add an operator and it learns of your organization. Or play another organization: its name is at the top right.',
        ),
        el('a', { class: 'button primary', href: '#operators' }, 'Choose an operator'),
      ),
    ]
  }
  const cards = tenant.consents.map((consent) => {
    const operator = all.find(({ key }) => key === consent.operator)
    return consentCard(consent, operator, refresh)
  })
  return [head, el('div', { class: 'stack' }, cards)]
}

function consentCard(consent, operator, refresh) {
  const act = (action, words) => async () => {
    try {
      await control('POST', `/consents/${consent.id}/${action}`, {})
      toast(words)
    } catch (error) {
      toast(error.message)
    }
    await refresh()
  }
  const contact = consent.contacts[0]
  return el(
    'article',
    { class: 'card', 'aria-label': consent.operatorName },
    el(
      'div',
      { class: 'card-head' },
      logo(operator),
      el(
        'div',
        {},
        el('h2', {}, consent.operatorName),
        el(
          'p',
          { class: 'muted small' },
          consent.isDirect ? 'Made by the operator, without consent' : `Consented ${when(consent.consentedOn)}`,
        ),
      ),
      badge(consent.status),
    ),
    consent.activeAt ? el('p', { class: 'notice' }, `Turns Active ${when(consent.activeAt)}.`) : null,
    el(
      'dl',
      { class: 'facts' },
      el('dt', {}, 'Countries or regions'),
      el(
        'dd',
        { class: 'chips' },
        consent.countries.length === 0
          ? 'None'
          : consent.countries.map((code) => el('span', { class: 'chip' }, countryName(code))),
      ),
      el('dt', {}, 'Contact'),
      el(
        'dd',
        {},
        contact ? [contact.fullName, contact.email, contact.phoneNumber].filter(Boolean).join(' · ') : 'None',
      ),
      el('dt', {}, 'Last change'),
      el('dd', {}, when(consent.lastModifiedOn)),
      el('dt', {}, 'Tenant id'),
      el('dd', { class: 'mono' }, consent.tenantId),
    ),
    el('div', { class: 'card-foot' }, actionsOf(consent, operator, act, refresh)),
  )
}

function actionsOf(consent, operator, act, refresh) {
  const name = consent.operatorName
  const remove = button('Remove operator', () => confirmRemoval(consent, act), 'quiet danger')
  if (consent.hidden) return [button('Bring back to the listing', act('restore', `${name} sees the consent again.`))]
  const purge = button('Vanish from the listing', act('purge', `Nothing of the consent is left for ${name}.`), 'quiet')
  if (consent.status === 'Removed') {
    return [el('a', { class: 'button', href: '#operators' }, 'Add again'), purge]
  }
  const change = consent.isDirect ? null : button('Change countries', () => countriesPanel(consent, operator, refresh))
  const middle =
    consent.status === 'Suspended'
      ? button('Resume', act('resume', `${name} is active again.`))
      : button('Suspend', act('suspend', `${name} is suspended.`))
  const activate = consent.status === 'NotActive' ? button('Activate now', act('activate', `${name} is active.`)) : null
  return [change, activate, middle, remove]
}

function countriesPanel(consent, operator, refresh) {
  const picker = countryPicker(operator.countries, consent.countries)
  openPanel({
    title: `Countries with ${consent.operatorName}`,
    submitText: 'Save',
    body: [picker.element],
    submit: async () => {
      if (!picker.check()) return false
      await control('PATCH', `/consents/${consent.id}`, { countries: picker.chosen() })
      toast('The countries are saved.')
      await refresh()
    },
  })
}

function confirmRemoval(consent, act) {
  openPanel({
    title: `Remove ${consent.operatorName}?`,
    submitText: 'Remove operator',
    body: [
      el(
        'p',
        {},
        `${consent.operatorName} will no longer carry calls for ${consent.company}. The operator keeps seeing the consent, as Removed. You can add it again later.`,
      ),
    ],
    submit: act('remove', `${consent.operatorName} is removed.`),
  })
}

function when(text) {
  const date = new Date(text)
  return date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
}
