import { control } from './control-client.js'
import { button, el, field, openPanel, pageHead, toast } from './dom.js'

const BEHAVIOUR_WORDS = {
  ok: 'answers 200',
  slow: 'answers late',
  status: 'answers another status',
  redirect: 'redirects',
  'endless-body': 'never ends its answer',
  'huge-body': 'answers a gigabyte',
  hang: 'never answers',
  reset: 'breaks the connection off',
}
const SIGNATURE_WORDS = { good: 'good', bad: 'bad', missing: 'none', 'not verified': 'not verified' }

/** Other people's systems, which webhooks are sent to: what has arrived, and how they behave. */
export async function showWebhooks(refresh) {
  const { receivers } = await control('GET', '/receivers')
  const add = () => openSettings({ name: '', settings: { behaviour: 'ok', status: 500, secret: '' } }, refresh)
  return [
    pageHead(
      'Webhooks received',
      `Enter ${location.origin}/webhooks/NAME as the address of a webhook in Leadline, any NAME. What arrives is shown here.`,
      button('New receiver', add, 'primary'),
    ),
    receivers.length === 0
      ? el(
          'section',
          { class: 'section' },
          el('div', { class: 'empty' }, el('h2', {}, 'Nothing yet'), el('p', {}, 'No webhook has come so far.')),
        )
      : receivers.map((receiver) => section(receiver, refresh)),
  ]
}

function section(receiver, refresh) {
  const { name, path, settings, counters, arrivals } = receiver
  const forget = async () => {
    await control('DELETE', `/receivers/${name}`)
    await refresh()
  }
  const facts = [
    `${counters.requests.toLocaleString('en')} requests`,
    `${counters.distinct.toLocaleString('en')} events`,
    `${counters.good.toLocaleString('en')} good and ${counters.bad.toLocaleString('en')} bad signatures`,
    BEHAVIOUR_WORDS[settings.behaviour] ?? settings.behaviour,
    settings.secret === '' ? 'no secret entered' : 'verifies signatures',
  ]
  return el(
    'section',
    { class: 'section' },
    pageHead(
      name,
      `${location.origin}${path}: ${facts.join(', ')}`,
      button('Settings', () => openSettings(receiver, refresh)),
      button('Forget', forget),
    ),
    arrivals.length > 0 && arrivalTable(arrivals.slice(0, 50)),
  )
}

function arrivalTable(arrivals) {
  const head = ['Time', 'Event', 'Signature', 'webhook-id', 'Body'].map((text) => el('th', { scope: 'col' }, text))
  const rows = arrivals.map(({ at, headers, body, signature, isRepeated }) =>
    el(
      'tr',
      {},
      el('td', {}, new Date(at).toLocaleTimeString('en-GB')),
      el('td', {}, typeOf(body)),
      el('td', { class: signature === 'bad' ? 'status-bad' : 'status-good' }, SIGNATURE_WORDS[signature]),
      el('td', { class: 'mono' }, `${headers['webhook-id'] ?? ''}${isRepeated ? ' (again)' : ''}`),
      el(
        'td',
        {},
        el(
          'details',
          {},
          el('summary', {}, 'Show'),
          el('pre', { class: 'mono' }, `${headerText(headers)}\n\n${pretty(body)}`),
        ),
      ),
    ),
  )
  return el('div', { class: 'table-wrap' }, el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, rows)))
}

function openSettings({ name, settings }, refresh) {
  const nameInput = el('input', { value: name, disabled: name !== '' })
  const behaviour = el(
    'select',
    {},
    Object.entries(BEHAVIOUR_WORDS).map(([key, words]) =>
      el('option', { value: key, selected: key === settings.behaviour }, words),
    ),
  )
  behaviour.value = settings.behaviour
  const status = el('input', { type: 'number', min: 200, max: 599, value: settings.status })
  const secret = el('input', { value: settings.secret, autocomplete: 'off', spellcheck: 'false' })
  openPanel({
    title: name === '' ? 'New receiver' : `Settings of ${name}`,
    submitText: 'Save',
    body: [
      field('Name', nameInput, 'Letters, digits, _ and -'),
      field('Behaviour', behaviour),
      field('Status', status, 'For another status'),
      field('Secret', secret, 'whsec_…, as Leadline shows it once; empty: signatures are not verified'),
    ],
    async submit() {
      const change = { behaviour: behaviour.value, status: Number(status.value), secret: secret.value }
      await control('PATCH', `/receivers/${encodeURIComponent(nameInput.value.trim())}`, change)
      toast('Saved')
      await refresh()
    },
  })
}

function typeOf(body) {
  try {
    return JSON.parse(body).type ?? ''
  } catch {
    return 'not JSON'
  }
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

function headerText(headers) {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}
