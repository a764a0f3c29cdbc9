/**
 * An element. Properties that begin with "on" are listeners; the rest are attributes, of which
 * true stands for an empty one and false, null and undefined for none.
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'value') element.value = value
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

export function button(text, onclick, kind = '') {
  return el('button', { type: 'button', class: `button ${kind}`, onclick }, text)
}

let fieldCount = 0

/** A labelled input; its message is set by `showError`. */
export function field(label, input, hint) {
  const id = `field-${++fieldCount}`
  input.id = id
  input.classList.add('input')
  input.setAttribute('aria-describedby', `${id}-error`)
  const error = el('p', { class: 'error', id: `${id}-error` })
  return el(
    'div',
    { class: 'field' },
    el('label', { for: id }, label),
    input,
    hint && el('p', { class: 'hint' }, hint),
    error,
  )
}

/** Marks an input as wrong with a message, or as right with ''. Returns whether it is right. */
export function showError(input, message) {
  input.setAttribute('aria-invalid', message === '' ? 'false' : 'true')
  const error = document.getElementById(`${input.id}-error`)
  if (error !== null) error.textContent = message
  return message === ''
}

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })

/** "Germany" of "DE"; the code itself when it is none. */
export function countryName(code) {
  try {
    return regionNames.of(code) ?? code
  } catch (error) {
    if (error instanceof RangeError) return code
    throw error
  }
}

export function badge(status) {
  const words = { NotActive: 'Not active' }
  return el('span', { class: `badge ${status}` }, words[status] ?? status)
}

export function logo(operator) {
  return el('span', { class: `logo ${operator.key}`, 'aria-hidden': 'true' }, operator.name.charAt(0))
}

export function pageHead(title, text, ...actions) {
  return el('div', { class: 'page-head' }, el('div', {}, el('h1', {}, title), el('p', {}, text)), ...actions)
}

export function toast(text) {
  const note = el('div', { class: 'toast' }, text)
  const toasts = document.getElementById('toasts')
  toasts.append(note)
  while (toasts.children.length > 3) toasts.firstElementChild.remove()
  setTimeout(() => note.remove(), 5000)
}

/**
 * Opens the side panel. `submit` saves; an error it throws is shown above the buttons and the panel stays.
 * Esc and Cancel close it, and the focus goes back to where it was.
 */
export function openPanel({ title, body, submitText, submit, head }) {
  const panel = document.getElementById('panel')
  const problem = el('p', { class: 'error', role: 'alert' })
  const save = el('button', { type: 'submit', class: 'button primary' }, submitText)
  const form = el(
    'form',
    { class: 'panel-form', novalidate: true, 'aria-labelledby': 'panel-title' },
    el(
      'div',
      { class: 'panel-head' },
      head ?? null,
      el('h2', { id: 'panel-title' }, title),
      el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => panel.close() }, '✕'),
    ),
    el('div', { class: 'panel-body' }, body, problem),
    el(
      'div',
      { class: 'panel-foot' },
      save,
      button('Cancel', () => panel.close()),
    ),
  )
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    problem.textContent = ''
    save.disabled = true
    try {
      if ((await submit()) !== false) panel.close()
      else form.querySelector('[aria-invalid="true"]')?.focus()
    } catch (error) {
      problem.textContent = error.message
    } finally {
      save.disabled = false
    }
  })
  panel.setAttribute('aria-labelledby', 'panel-title')
  panel.replaceChildren(form)
  panel.showModal()
  form.querySelector('.panel-body input, .panel-body select')?.focus()
}
