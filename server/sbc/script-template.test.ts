import { describe, expect, it } from 'vitest'
import { fc } from '../../test/harness/fast-check.ts'
import { renderScript, type TemplateVariable, templateProblems } from './script-template.ts'

const variable = (name: string, change: Partial<TemplateVariable> = {}): TemplateVariable => ({
  ...{ name, type: 'text', title: name, help: '', required: false, default: null },
  ...change,
})
const script = 'configure voip\n ip-group new\n  name "{{ShortName}}-c"\n  transport {{Transport}}\nexit'
const variables = [
  variable('ShortName', { required: true }),
  variable('Transport', { type: 'choice', choices: ['udp', 'tls'], default: 'udp' }),
]
const render = (values: Record<string, string>, change: Partial<TemplateVariable>[] = []) =>
  renderScript({ script, variables: variables.map((one, at) => ({ ...one, ...change[at] })) }, values)
const problemsOf = (values: Record<string, string>) => {
  const rendering = render(values)
  return rendering.ok ? [] : rendering.problems
}

describe('a script', () => {
  it('is made of its variables, by name without regard to letter case and blanks', () => {
    expect(render({ 'short NAME': 'contoso', transport: 'tls' })).toMatchObject({
      ok: true,
      rendered: { script: 'configure voip\n ip-group new\n  name "contoso-c"\n  transport tls\nexit', secrets: [] },
    })
  })

  it('names what is missing, what is unknown and what is wrong, all at once', () => {
    const problems = problemsOf({ Transport: 'sctp', Colour: 'red' })
    expect(problems.map((one) => one.variable).sort()).toEqual(['Colour', 'ShortName', 'Transport'])
  })

  it.each(['a\nb', 'a\rb', 'a"b', 'a\\b', 'a\u2028b', 'a\u0000b', '{{Transport}}', 'Ä'])(
    'refuses %j in a text',
    (value) => {
      expect(problemsOf({ ShortName: value })).toMatchObject([{ variable: 'ShortName' }])
    },
  )

  it('writes a label with what a device takes', () => {
    const rendering = render({ ShortName: 'Müller "Söhne"\nGmbH {{x}}' }, [{ type: 'label' }])
    expect(rendering).toMatchObject({ rendered: { script: expect.stringContaining(`name "Muller 'Sohne' GmbH x-c"`) } })
  })

  it('leaves blocks out whose variable is empty', () => {
    const template = {
      script: '{{#if A}}\na\n{{#if B}}\nb\n{{/if}}\n{{/if}}\nc',
      variables: [variable('A'), variable('B')],
    }
    const lines = (values: Record<string, string>) => {
      const rendering = renderScript(template, values)
      return rendering.ok ? rendering.rendered.script.split('\n').join(' ') : null
    }
    expect([lines({}), lines({ A: '1' }), lines({ A: '1', B: '2' }), lines({ B: '2' })]).toEqual([
      'c',
      'a c',
      'a b c',
      'c',
    ])
  })

  it('shows secrets as their names', () => {
    const template = { script: 'password "{{Secret}}"', variables: [variable('Secret', { type: 'secret' })] }
    expect(renderScript(template, { Secret: 'hunter 2' })).toEqual({
      ok: true,
      rendered: { script: 'password "hunter 2"', shown: 'password "<Secret>"', secrets: ['hunter 2'] },
    })
  })

  it('needs quotation marks around what may hold blanks', () => {
    const template = { script: 'name {{ShortName}}', variables: [variable('ShortName')] }
    expect(renderScript(template, { ShortName: 'a b' })).toMatchObject({
      ok: false,
      problems: [{ variable: 'ShortName' }],
    })
    expect(renderScript(template, { ShortName: 'a # b' })).toMatchObject({ ok: false })
    expect(renderScript(template, { ShortName: 'a-b' })).toMatchObject({ ok: true })
  })

  it('has as many lines as its template, and the same words outside of the values, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('text', 'label', 'word', 'secret', 'host'),
        (value, type) => {
          const template = {
            script: 'configure voip\n  name "{{Value}}"\n  activate',
            variables: [variable('Value', { type: type as TemplateVariable['type'] })],
          }
          const rendering = renderScript(template, { Value: value })
          if (!rendering.ok) return
          const lines = rendering.rendered.script.split(/[\n\r\u0085\u2028\u2029]/)
          expect(lines).toHaveLength(3)
          expect(lines[1]).toMatch(/^ {2}name "[^"\\]*"$/)
        },
      ),
    )
  })
})

describe('a template', () => {
  it('names variables that nobody has declared, by line', () => {
    expect(templateProblems('a\nb {{Nobody}}\n{{#if Other}}\n{{/if}}', [])).toMatchObject([
      { variable: 'Nobody', detail: expect.stringContaining('Line 2') },
      { variable: 'Other', detail: expect.stringContaining('Line 3') },
    ])
  })

  it.each([
    ['{{/if}}', 'without'],
    ['{{#if A}}', 'never closed'],
    ['a {{', 'does not close'],
  ])('refuses %s', (text, words) => {
    expect(templateProblems(text, [variable('A')])).toMatchObject([{ detail: expect.stringContaining(words) }])
  })

  it('refuses a variable that is declared twice, or has no proper name', () => {
    expect(templateProblems('', [variable('A'), variable('a')])).toHaveLength(1)
    expect(templateProblems('', [variable('1x')])).toHaveLength(1)
  })
})
