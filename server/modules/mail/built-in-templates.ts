/** A template that Leadline brings along; `id` never changes. */
export type BuiltInTemplate = { id: string; name: string; subject: string; body: string; language: string }

const language = 'en'

/** In the order of the work with a lead. Source: issue 6, 4; portal.md 3.1 and 3.2. */
export const builtInTemplates: readonly BuiltInTemplate[] = [
  {
    id: 'request-received',
    name: 'We received your request',
    subject: '{{operatorName}}: we have received your request',
    language,
    body: `Hello {{contactName}},

thank you for choosing {{operatorName}} as your operator in Microsoft Teams. Your request of {{consentDate}} for {{companyName}} has reached us, for these countries: {{countries}}.

We look at what you need and come back to you with the next steps. If anything should be different, simply answer this mail.

Kind regards
{{senderName}}
{{operatorName}}
`,
  },
  {
    id: 'countries-and-size',
    name: 'Please set countries and company size',
    subject: '{{operatorName}}: two settings are missing in your Teams admin center',
    language,
    body: `Hello {{contactName}},

before phone numbers can be set up for {{companyName}}, Microsoft needs two things from you:

1. Open https://admin.teams.microsoft.com and go to Voice, Operators.
2. Choose {{operatorName}} and open the operator settings.
3. Tick every country in which you want phone numbers.
4. Set the size of your company, and save.

We see the change by ourselves and go on at once. If you need help, simply answer this mail.

Kind regards
{{senderName}}
{{operatorName}}
`,
  },
  {
    id: 'channel-introduction',
    name: 'Introducing your reseller',
    subject: '{{channelName}} looks after you from now on',
    language,
    body: `Hello {{contactName}},

your partner for {{companyName}} is {{channelName}}. They know your request, advise you and set everything up together with us.

You reach {{channelName}} at {{channelEmail}}.

Kind regards
{{senderName}}
{{operatorName}}
`,
  },
  {
    id: 'call-wanted',
    name: 'When may we call you?',
    subject: '{{operatorName}}: when may we call you?',
    language,
    body: `Hello {{contactName}},

we would like to talk with you about phone numbers for {{companyName}} in Microsoft Teams. When does it suit you, and at which number do we reach you?

Kind regards
{{senderName}}
{{operatorName}}
`,
  },
]
