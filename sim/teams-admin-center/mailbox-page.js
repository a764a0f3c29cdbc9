import { control } from './control-client.js'
import { button, el, openPanel, pageHead, toast } from './dom.js'

/** What the sandbox has sent as mail; nothing of it reaches anybody. */
export async function showMailbox(refresh) {
  const { port, behaviour, behaviours, mails, received } = await control('GET', '/mailbox?limit=100')
  const clear = async () => {
    await control('DELETE', '/mailbox')
    await refresh()
  }
  return [
    pageHead(
      'Mailbox',
      port === null
        ? 'The mail server of the sandbox could not get its port: the one after the port of the simulator.'
        : `Every mail that the sandbox sends arrives here, at 127.0.0.1:${port}, and goes no further. ${received} so far.`,
      button('Clear', clear),
    ),
    el('section', { class: 'section' }, behaviourChoice(behaviour, behaviours, refresh)),
    el(
      'section',
      { class: 'section' },
      mails.length === 0
        ? el(
            'div',
            { class: 'empty' },
            el('h2', {}, 'Nothing yet'),
            el('p', {}, 'Send a test under Settings, Mail of Leadline, or give a consent and wait a minute.'),
          )
        : mailTable(mails),
    ),
  ]
}

function behaviourChoice(behaviour, behaviours, refresh) {
  const change = async (event) => {
    await control('PATCH', '/mailbox', { behaviour: event.target.value })
    toast(`The mail server: ${behaviours[event.target.value]}.`)
    await refresh()
  }
  const options = Object.entries(behaviours).map(([name, words]) =>
    el('option', { value: name, selected: name === behaviour }, `${name}: ${words}`),
  )
  return el(
    'div',
    { class: 'field' },
    el('label', { for: 'mailbox-behaviour' }, 'How the mail server behaves'),
    el('select', { id: 'mailbox-behaviour', class: 'input', onchange: change }, options),
  )
}

function mailTable(mails) {
  const head = ['Time', 'To', 'From', 'Subject'].map((text) => el('th', { scope: 'col' }, text))
  const rows = mails.map((mail) =>
    el(
      'tr',
      {},
      el('td', {}, new Date(mail.at).toLocaleTimeString('en-GB')),
      el('td', {}, mail.envelope.to.join(', ')),
      el('td', {}, mail.from),
      el(
        'td',
        {},
        button(mail.subject || 'Without a subject', () => openMail(mail), 'choice'),
      ),
    ),
  )
  return el('div', { class: 'table-wrap' }, el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, rows)))
}

function openMail(mail) {
  openPanel({
    title: mail.subject,
    submitText: 'Close',
    submit: () => true,
    body: [
      el('p', { class: 'muted' }, `To ${mail.envelope.to.join(', ')}, from ${mail.from}`),
      el('pre', { class: 'mail-text' }, mail.text),
      el('details', {}, el('summary', {}, 'HTML, as text'), el('pre', { class: 'mail-text' }, mail.html)),
      el('details', {}, el('summary', {}, 'As it came over the wire'), el('pre', { class: 'mail-text' }, mail.raw)),
    ],
  })
}
