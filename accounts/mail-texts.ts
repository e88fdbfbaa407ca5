/** What mails say. In braces stand words that are filled in; `{link}` last, when a mail is sent or shown. */
interface MailText {
  readonly subject: string
  readonly body: string
}

type MailKind = 'invitation' | 'sso' | 'reset'

const TEXTS: Readonly<Record<'en' | 'fr' | 'it', Readonly<Record<MailKind, MailText>>>> = {
  en: {
    invitation: {
      subject: 'You are invited to {account}',
      body: 'Hello {name},\n\n{by} invites you to {account}. Choose a password here:\n\n{link}\n\nThe link works once, until {until}.\n',
    },
    sso: {
      subject: 'You are invited to {account}',
      body: 'Hello {name},\n\n{by} invites you to {account}. Sign in through your company here:\n\n{link}\n',
    },
    reset: {
      subject: 'A new password for {account}',
      body: 'Hello {name},\n\nsomebody asked for a new password for you at {account}. Choose it here:\n\n{link}\n\nThe link works once, until {until}. If it was not you, do nothing: your password stays as it is.\n',
    },
  },
  fr: {
    invitation: {
      subject: 'Invitation : {account}',
      body: 'Bonjour {name},\n\n{by} vous invite dans {account}. Choisissez un mot de passe ici :\n\n{link}\n\nLe lien fonctionne une seule fois, jusqu’au {until}.\n',
    },
    sso: {
      subject: 'Invitation : {account}',
      body: 'Bonjour {name},\n\n{by} vous invite dans {account}. Connectez-vous par votre entreprise ici :\n\n{link}\n',
    },
    reset: {
      subject: 'Nouveau mot de passe pour {account}',
      body: 'Bonjour {name},\n\nquelqu’un a demandé un nouveau mot de passe pour vous dans {account}. Choisissez-le ici :\n\n{link}\n\nLe lien fonctionne une seule fois, jusqu’au {until}. Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.\n',
    },
  },
  it: {
    invitation: {
      subject: 'Invito: {account}',
      body: 'Ciao {name},\n\n{by} ti invita in {account}. Scegli una password qui:\n\n{link}\n\nIl link funziona una sola volta, fino al {until}.\n',
    },
    sso: {
      subject: 'Invito: {account}',
      body: 'Ciao {name},\n\n{by} ti invita in {account}. Accedi tramite la tua azienda qui:\n\n{link}\n',
    },
    reset: {
      subject: 'Nuova password per {account}',
      body: 'Ciao {name},\n\nqualcuno ha chiesto una nuova password per te in {account}. Sceglila qui:\n\n{link}\n\nIl link funziona una sola volta, fino al {until}. Se non sei stato tu, non fare nulla: la tua password resta la stessa.\n',
    },
  },
}

export interface MailWords {
  readonly account: string
  readonly name: string
  /** Who invites. */
  readonly by?: string
  readonly until?: Date
}

/** A mail in a language, English where there is none of it; `{link}` stays as it is. */
export function mailText(language: string | null, kind: MailKind, words: MailWords): MailText {
  const known = language === 'fr' || language === 'it' ? language : 'en'
  const { subject, body } = TEXTS[known][kind]
  const until = words.until?.toLocaleString(known, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  const filled: Readonly<Record<string, string>> = {
    // One line, whatever a name is made of: a subject is a header.
    account: oneLine(words.account),
    name: oneLine(words.name),
    by: oneLine(words.by ?? ''),
    until: `${until} UTC`,
    link: '{link}',
  }
  const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => filled[name] ?? '')
  return { subject: fill(subject), body: fill(body) }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}{}]+/gu, ' ').trim()
}
