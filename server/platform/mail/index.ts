export { headerText, headerTextProblem, mailAddressProblem } from './address.rules.ts'
export { buildMail, type MailToBuild } from './mime.ts'
export {
  createSmtpConnector,
  type SmtpConnector,
  SmtpError,
  type SmtpFailure,
  type SmtpSession,
  type SmtpSettings,
  type SmtpStage,
  type SmtpStep,
  smtpStages,
} from './smtp-session.ts'
