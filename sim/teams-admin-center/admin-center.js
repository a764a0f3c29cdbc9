import { showAddresses } from './address-panel.js'
import { showConsents } from './consents-page.js'
import { control, organization, ownTenant, setOrganization } from './control-client.js'
import { button, el, field, openPanel } from './dom.js'
import { showMailbox } from './mailbox-page.js'
import { showOperators } from './operators-page.js'
import { showSbcs } from './sbcs-page.js'
import { showTraffic } from './traffic-page.js'
import { showTrouble } from './trouble-page.js'
import { showWebhooks } from './webhooks-page.js'

const PAGES = {
  operators: { show: showOperators, title: 'Operators' },
  consents: { show: showConsents, title: 'My operators', refreshMs: 3000 },
  addresses: { show: showAddresses, title: 'Emergency addresses' },
  trouble: { show: showTrouble, title: 'Make trouble' },
  traffic: { show: showTraffic, title: 'Traffic', refreshMs: 2000 },
  webhooks: { show: showWebhooks, title: 'Webhooks received', refreshMs: 2000 },
  sbcs: { show: showSbcs, title: 'SBCs' },
  mailbox: { show: showMailbox, title: 'Mailbox', refreshMs: 3000 },
}

const main = document.getElementById('main')
let timer
let turn = 0

function pageName() {
  const name = location.hash.slice(1)
  return Object.hasOwn(PAGES, name) ? name : 'operators'
}

/** Draws the page of the address. Old content stays until the new is there; the scroll position stays too. */
async function draw() {
  clearTimeout(timer)
  const mine = ++turn
  const page = PAGES[pageName()]
  try {
    const content = await page.show(draw)
    if (mine !== turn) return
    replaceKeepingFocus(content)
  } catch (error) {
    if (mine !== turn) return
    main.replaceChildren(
      el(
        'div',
        { class: 'notice bad stack' },
        el('p', {}, `The simulator did not answer: ${error.message}`),
        el('div', {}, button('Try again', draw)),
      ),
    )
  }
  document.title = `${page.title} · Teams admin center (simulated)`
  await drawFrame()
  if (page.refreshMs && mine === turn) timer = setTimeout(draw, page.refreshMs)
}

/** A redraw must not take the keyboard away from who is using it: the same control gets the focus back. */
function replaceKeepingFocus(content) {
  const focusable = 'a, button, input, select'
  const index = [...main.querySelectorAll(focusable)].indexOf(document.activeElement)
  main.replaceChildren(...content.flat().filter((part) => part !== null))
  if (index >= 0) [...main.querySelectorAll(focusable)][index]?.focus()
}

async function drawFrame() {
  for (const link of document.querySelectorAll('.side-nav a')) {
    if (link.hash.slice(1) === pageName()) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  const { company } = organization()
  document.getElementById('organization').textContent = company === '' ? 'New organization' : company
  const [tenant, { faults }] = await Promise.all([ownTenant(), control('GET', '/faults')])
  const mine = tenant.consents.filter(({ status }) => status !== 'Removed').length
  document.getElementById('consent-count').textContent = mine === 0 ? '' : String(mine)
  document.getElementById('fault-count').textContent = faults.length === 0 ? '' : String(faults.length)
}

/** Choose which organization to play: a new one, or any that the operators know. */
function organizationPanel() {
  const name = el('input', { value: '', placeholder: 'Contoso Bakeries', maxlength: 300 })
  const search = el('input', { type: 'search', placeholder: 'Company, person, tenant id or domain' })
  const results = el('div', { class: 'stack' })
  const choose = ({ company, tenantId }) => {
    setOrganization({ company, tenantId })
    document.getElementById('panel').close()
  }
  const find = async () => {
    const { tenants } = await control('GET', `/tenants?limit=12&q=${encodeURIComponent(search.value.trim())}`)
    results.replaceChildren(
      ...tenants.map((tenant) =>
        el(
          'button',
          { type: 'button', class: 'button choice', onclick: () => choose(tenant) },
          tenant.company || 'Without a name',
          el('br'),
          el('span', { class: 'mono muted' }, tenant.tenantId),
        ),
      ),
    )
    if (tenants.length === 0) results.replaceChildren(el('p', { class: 'muted' }, 'Nobody is called that.'))
  }
  let wait
  search.addEventListener('input', () => {
    clearTimeout(wait)
    wait = setTimeout(find, 200)
  })
  openPanel({
    title: 'Which organization do you play?',
    submitText: 'Start as a new organization',
    body: [
      field('A new organization', name, 'It gets its tenant id with its first operator.'),
      field('Or one that exists', search),
      results,
    ],
    submit: () => setOrganization({ company: name.value.trim(), tenantId: null }),
  })
  void find()
}

function applyTheme(theme) {
  document.documentElement.dataset.theme = theme
}

const darkByDefault = matchMedia('(prefers-color-scheme: dark)').matches
applyTheme(localStorage.getItem('teams-admin-center.theme') ?? (darkByDefault ? 'dark' : 'light'))
document.getElementById('theme').addEventListener('click', () => {
  const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'
  localStorage.setItem('teams-admin-center.theme', theme)
  applyTheme(theme)
})
document.getElementById('panel').addEventListener('close', (event) => event.target.replaceChildren())
document.getElementById('organization').addEventListener('click', organizationPanel)
window.addEventListener('organization-changed', draw)
window.addEventListener('hashchange', async () => {
  await draw()
  main.focus()
  window.scrollTo(0, 0)
})
void draw()
