import { control } from './control-client.js'
import { button, el, field, openPanel, pageHead, toast } from './dom.js'

/** The carrier's session border controllers: what they hold, what was sent to them, and how they behave. */
export async function showSbcs(refresh) {
  const { sbcs, behaviours } = await control('GET', '/sbcs')
  return [
    pageHead(
      'SBCs',
      'Two devices of the carrier, each with its own address. Leadline of the sandbox knows both. What is changed here by hand, it finds.',
    ),
    ...sbcs.map((sbc) => section(sbc, behaviours, refresh)),
  ]
}

function section(sbc, behaviours, refresh) {
  const at = `/sbcs/${sbc.name}`
  const act = (path, words) => async () => {
    await control('POST', `${at}/${path}`)
    toast(`${sbc.name} ${words}`)
    await refresh()
  }
  const facts = [
    sbc.address ?? 'its port is taken: it does not run',
    sbc.version,
    `user ${sbc.user}, password ${sbc.password}`,
    sbc.isSaved ? 'configuration saved' : 'not saved: lost at a restart',
    `${sbc.restarts} restarts`,
  ]
  return el(
    'section',
    { class: 'section' },
    pageHead(
      sbc.name,
      facts.join(', '),
      el(
        'div',
        { class: 'chips' },
        button('What it holds', () => openDevice(sbc.name)),
        button('Edit by hand', () => openEdit(sbc, refresh)),
        button('Restart', act('restart', 'has restarted')),
        button('Reset', act('reset', 'is as it left the factory')),
      ),
    ),
    behaviourChoice(sbc, behaviours, refresh),
    certificateChoice(sbc, refresh),
    tableOf(sbc),
  )
}

function behaviourChoice(sbc, behaviours, refresh) {
  const change = async (event) => {
    await control('PATCH', `/sbcs/${sbc.name}`, { behaviour: event.target.value })
    toast(`${sbc.name}: ${behaviours[event.target.value]}.`)
    await refresh()
  }
  const options = Object.entries(behaviours).map(([name, words]) =>
    el('option', { value: name, selected: name === sbc.behaviour }, `${name}: ${words}`),
  )
  return field('How it behaves', el('select', { onchange: change }, options))
}

function certificateChoice(sbc, refresh) {
  const change = async (event) => {
    await control('PATCH', `/sbcs/${sbc.name}`, { certificate: event.target.value })
    await refresh()
  }
  const words = { good: 'good', expired: 'expired', other: 'another one than before' }
  const options = Object.entries(words).map(([name, text]) =>
    el('option', { value: name, selected: name === sbc.certificate }, text),
  )
  return field('Its certificate', el('select', { onchange: change }, options))
}

function tableOf({ tables, ipGroups }) {
  const head = ['Table', 'Rows', 'Takes'].map((text) => el('th', { scope: 'col' }, text))
  const rows = tables.map(({ table, used, limit }) =>
    el(
      'tr',
      {},
      el('td', {}, table === 'ip-group' ? `${table}: ${ipGroups.join(', ')}` : table),
      el('td', {}, used.toLocaleString('en')),
      el('td', {}, limit.toLocaleString('en')),
    ),
  )
  return el('div', { class: 'table-wrap' }, el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, rows)))
}

async function openDevice(name) {
  const { configuration, calls } = await control('GET', `/sbcs/${name}`)
  openPanel({
    title: name,
    submitText: 'Close',
    submit: () => true,
    body: [
      el('h3', {}, 'Running configuration'),
      el('pre', { class: 'mail-text' }, configuration),
      el('h3', {}, 'Last calls'),
      ...calls
        .slice(0, 30)
        .map(({ at, method, path, status, script, output }) =>
          el(
            'details',
            {},
            el('summary', {}, `${new Date(at).toLocaleTimeString('en-GB')} ${method} ${path}: ${status}`),
            el('pre', { class: 'mail-text' }, `${script ?? ''}\n${output ?? ''}`),
          ),
        ),
    ],
  })
}

function openEdit({ name }, refresh) {
  const script = el('textarea', { rows: 10, spellcheck: 'false' })
  script.value = 'configure voip\n no ip-group "contoso-c"\nexit'
  openPanel({
    title: `Edit ${name} by hand`,
    submitText: 'Run and save',
    body: [field('Lines', script, 'As they are typed at the device')],
    async submit() {
      const { output, refusedLine } = await control('POST', `/sbcs/${name}/edit`, { script: script.value })
      toast(refusedLine === undefined ? 'Done' : output)
      await refresh()
    },
  })
}
