import { control } from './control-client.js'
import { button, el, pageHead } from './dom.js'

const ENDPOINT_WORDS = {
  token: 'tokens',
  list: 'listing pages',
  one: 'single consents',
  addresses: 'address calls',
  metadata: 'metadata',
}

/** What Microsoft has been asked lately. */
export async function showTraffic(refresh) {
  const { counters, requests } = await control('GET', '/requests?limit=100')
  const clear = async () => {
    await control('DELETE', '/requests')
    await refresh()
  }
  const tiles = [
    ['calls in all', counters.total],
    ...Object.entries(counters.byEndpoint).map(([name, count]) => [ENDPOINT_WORDS[name] ?? name, count]),
    ...Object.entries(counters.byStatus).map(([status, count]) => [
      status === '0' ? 'without answer' : `answers ${status}`,
      count,
    ]),
  ]
  return [
    pageHead('Traffic', 'The calls that the simulated Microsoft has answered, newest first.', button('Clear', clear)),
    el(
      'div',
      { class: 'tiles' },
      tiles.map(([name, count]) =>
        el('div', { class: 'tile' }, el('b', {}, count.toLocaleString('en')), el('span', { class: 'muted' }, name)),
      ),
    ),
    el(
      'section',
      { class: 'section' },
      requests.length === 0
        ? el(
            'div',
            { class: 'empty' },
            el('h2', {}, 'Nothing yet'),
            el('p', {}, 'Nobody has asked Microsoft for anything so far.'),
          )
        : requestTable(requests),
    ),
  ]
}

function requestTable(requests) {
  const head = ['Time', 'Operator', 'Call', 'Status', 'Took', 'Faults'].map((text) => el('th', { scope: 'col' }, text))
  const rows = requests.map((request) =>
    el(
      'tr',
      {},
      el('td', {}, new Date(request.at).toLocaleTimeString('en-GB')),
      el('td', {}, request.operator ?? ''),
      el('td', { class: 'mono' }, `${request.method} ${request.path}`),
      el(
        'td',
        { class: request.status > 0 && request.status < 400 ? 'status-good' : 'status-bad' },
        statusWord(String(request.status)),
      ),
      el('td', {}, `${request.durationMs} ms`),
      el('td', {}, request.faults.join(', ')),
    ),
  )
  return el('div', { class: 'table-wrap' }, el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, rows)))
}

function statusWord(status) {
  return status === '0' ? 'no answer' : status
}
