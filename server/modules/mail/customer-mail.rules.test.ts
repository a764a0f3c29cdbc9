import { describe, expect, test } from 'vitest'
import { allTemplateVariables, templateVariables } from '../../../contract/mail-templates.ts'
import { builtInTemplates } from './built-in-templates.ts'
import {
  contactsOf,
  type MailedLead,
  type MailSurroundings,
  renderMail,
  type Values,
  valuesOf,
} from './customer-mail.rules.ts'
import { knownLanguage, templateProblems } from './mail-template.rules.ts'

const contact = {
  ...{ fullName: 'Megan Bowen', email: 'megan@contoso.example', phoneNumber: null },
  ...{ companyName: 'Contoso Ltd', companySize: 'L250_U999' },
}
const lead: MailedLead = {
  ...{ leadId: 'l', tenantId: 'f94238e5-4f2c-4e1b-8125-2d27122ca75f', channelId: null, isDirectLead: false },
  ...{ companyName: 'Contoso Ltd', companySize: 'L250_U999', countries: ['DE', 'GB'] },
  ...{ consentedOn: '2026-11-22T23:15:30.1234567Z', contact, contacts: [contact] },
}
const around: MailSurroundings = {
  operatorName: 'Northwind Voice',
  senderName: 'Dana',
  senderEmail: null,
  channel: null,
}
const megan = { name: 'Megan Bowen', address: 'megan@contoso.example' }

function render(body: string, known: Values = {}, given: Values = {}, subject = 'S', language = 'en') {
  return renderMail({ subject, body, language }, megan, known, given)
}

describe('a template', () => {
  test.each([
    ['{{compnyName}}', '{{compnyName}} is no variable. Did you mean {{companyName}}?'],
    ['{{Company Name}}', '{{Company Name}} is no variable. Did you mean {{companyName}}?'],
    ['{{sender_name}}', '{{sender_name}} is no variable. Did you mean {{senderName}}?'],
    ['{{}}', '{{}} is no variable. There are: '],
    ['{{zzzzzzzzzzzzzzzzzzzzzzzz}}', 'There are: '],
    ['{{constructor}}', '{{constructor}} is no variable.'],
    ['Hello {{companyName}', 'Braces open or close alone in “Hello {{companyName}”'],
    ['Hello {{company\nName}}', 'Braces open or close alone'],
    ['Hello }} there', 'Braces open or close alone'],
  ])('with %j is refused: %s', (text, words) => {
    expect(templateProblems(text).join('\n')).toContain(words)
  })

  test('with every variable there is, with blanks inside the braces or single braces, is taken', () => {
    expect(templateProblems(allTemplateVariables.map((name) => `{{ ${name} }}`).join(' '))).toEqual([])
    expect(templateProblems('{ "json": {"a": 1} }')).toEqual([])
    expect(render('{{ companyName }}!', { companyName: 'Contoso' }).text).toBe('Contoso!\n')
  })

  test('that Leadline brings along can be sent as it is', () => {
    for (const { subject, body, language } of builtInTemplates) {
      expect(templateProblems(`${subject}\n${body}`)).toEqual([])
      expect(knownLanguage(language)).toBe(language)
    }
    expect(new Set(builtInTemplates.map(({ id }) => id)).size).toBe(builtInTemplates.length)
  })
})

describe('what is known of a lead', () => {
  test('is written in the language of the mail', () => {
    const inGerman = valuesOf(lead, around, megan, 'de')
    expect(inGerman).toMatchObject({
      countries: 'Deutschland und Vereinigtes Königreich',
      consentDate: '22. November 2026',
    })
    const inEnglish = valuesOf(lead, around, megan, 'en')
    expect(inEnglish.countries).toBe(templateVariables.countries.example)
    expect(inEnglish.consentDate).toBe(templateVariables.consentDate.example)
    expect(inEnglish.companySize).toBe(templateVariables.companySize.example)
  })

  test('is told as it is where it is strange, and is not there where nothing is known', () => {
    const strange = {
      ...lead,
      companySize: 'HUGE',
      countries: ['XX', 'Narnia'],
      consentedOn: 'never',
      companyName: ' \r\n ',
    }
    const values = valuesOf(strange, around, { ...megan, name: '' }, 'en')
    expect(values).toMatchObject({ companySize: 'HUGE', countries: 'XX and Narnia' })
    expect(Object.keys(values).sort()).toEqual(['companySize', 'countries', 'operatorName', 'senderName', 'tenantId'])
    expect(valuesOf({ ...lead, isDirectLead: true }, around, megan, 'en')).not.toHaveProperty('consentDate')
  })

  test('has each contact once, the main one first', () => {
    const others = [
      { ...contact, email: 'MEGAN@contoso.example' },
      { ...contact, email: null, fullName: 'Alex' },
      { ...contact, email: ' ', fullName: ' ' },
    ]
    expect(contactsOf({ ...lead, contacts: [...others, contact] })).toEqual([
      { name: 'Megan Bowen', address: 'megan@contoso.example' },
      { name: 'Alex', address: null },
    ])
  })
})

describe('a mail', () => {
  test('has what is known, then what was given, and says what is missing', () => {
    const mail = render(
      '{{companyName}} {{contactName}} {{channelName}}',
      { companyName: 'Contoso' },
      { contactName: 'Ann', companyName: 'X' },
    )
    expect(mail.text).toBe('Contoso Ann {{channelName}}\n')
    expect(mail.missing).toEqual(['channelName'])
  })

  test('puts nothing of a customer where a header, a template or markup would be made of it', () => {
    const name = '{{tenantId}} <img src=x> &\r\nBcc: x@y.example'
    const mail = render(
      'Hello {{companyName}}',
      valuesOf({ ...lead, companyName: name }, around, megan, 'en'),
      {},
      '{{companyName}}',
    )
    expect(mail.subject).toBe('{{tenantId}} <img src=x> & Bcc: x@y.example')
    expect(mail.missing).toEqual([])
    expect(mail.html).toContain('Hello {{tenantId}} &lt;img src=x&gt; &amp; Bcc')
    expect(mail.html).not.toContain('<img')
  })

  test('has paragraphs, line breaks and the links of the writer, and loads nothing', () => {
    const { html } = render('Hello,\r\n\r\nsee (https://a.example/x?y=1&z="2").\nOr http://b.example.\n\n\n\n-- \nMe')
    expect(html).toContain('<p dir="auto">Hello,</p>')
    expect(html).toContain(
      'see (<a href="https://a.example/x?y=1&amp;z=">https://a.example/x?y=1&amp;z=</a>&quot;2&quot;).<br>\nOr ',
    )
    expect(html).toContain('<a href="http://b.example">http://b.example</a>.</p>')
    expect(html).toContain('<p dir="auto">--<br>\nMe</p>'.replace('--<br>', '-- <br>'))
    expect(html).not.toMatch(/src=|style|javascript:/)
  })

  test('makes no link of what a customer calls himself, nor lets him change where one leads', () => {
    const evil = { companyName: 'https://evil.example', tenantId: '../../evil?x="><script>' }
    const { html } = render('{{companyName}} https://{{companyName}} https://a.example/t/{{tenantId}}/end', evil)
    expect(html.match(/<a /g)).toHaveLength(1)
    expect(html).toContain('<a href="https://a.example/t/..%2F..%2Fevil%3Fx%3D%22%3E%3Cscript%3E/end">')
    expect(html).not.toContain('<script')
  })

  test('is cut where a subject would be cut on the way', () => {
    const { subject } = render('x', { companyName: 'a'.repeat(1_000) }, {}, '{{companyName}}')
    expect(subject).toHaveLength(400)
  })
})
