import type { Translation } from '../../translate';
import type * as en from '../shell';

export const nav: Translation<typeof en.nav> = {
  label: 'Seiten',
  open: 'Navigation öffnen',
  skip: 'Zum Inhalt springen',
  inbox: 'Posteingang',
  chat: 'Testbereich',
  assistant: 'Assistent',
  data: 'Daten',
  insights: 'Einblicke',
  analytics: 'Kennzahlen',
  overview: 'Übersicht',
  paths: 'Wege',
  cost: 'Kosten',
  speed: 'Geschwindigkeit',
  handovers: 'Übergaben',
  unansweredFigures: 'Offene Fragen',
  anomalies: 'Auffälligkeiten',
  conversations: 'Gespräche',
  feedback: 'Feedback',
  stages: 'Phasen',
  templates: 'Vorlagen',
  cannedReplies: 'Textbausteine',
  variables: 'Variablen',
  tests: 'Tests',
  changes: 'Änderungen',
  knowledge: 'Wissen',
  gettingStarted: 'Erste Schritte',
  articles: 'Artikel',
  unanswered: 'Offene Fragen',
  integrations: 'Integrationen',
  customers: 'Kunden',
  orders: 'Bestellungen',
  products: 'Produkte',
  events: 'Ereignisse',
  imports: 'Importe',
  hooks: 'Hooks',
  secrets: 'Secrets',
  channels: 'Kanäle',
  webhooks: 'Webhooks',
  llmCalls: 'LLM-Aufrufe',
  settings: 'Einstellungen',
  business: 'Unternehmen',
  model: 'Modell',
  budget: 'Budget',
  agents: 'Agenten',
  team: 'Team',
  privacy: 'Datenschutz',
  auditLog: 'Audit-Protokoll',
  exportAndDelete: 'Export und Löschung',
  health: 'Systemstatus',
  apiKeys: 'API-Schlüssel',
  security: 'Sicherheit',
  signOut: 'Abmelden',
  switchBusiness: 'Unternehmen wechseln',
  newBusiness: 'Unternehmen anlegen …',
  theme: 'Darstellung',
  roles: {
    owner: 'Inhaber',
    agent: 'Agent',
    viewer: 'Betrachter',
  },
  operator: 'Betreiber',
  operatorArea: 'Betreiberbereich',
  businesses: 'Unternehmen',
  users: 'Benutzer',
  defaultTemplates: 'Standardvorlagen',
  platformHealth: 'Plattformstatus',
  businessKey: 'Unternehmensschlüssel',
  keyRole: 'Vollzugriff',
  themes: {
    system: 'System',
    light: 'Hell',
    dark: 'Dunkel',
  },
};

export const unsaved: Translation<typeof en.unsaved> = {
  title: 'Seite verlassen, ohne zu speichern?',
  body: 'Ihre Änderungen wurden nicht gespeichert.',
  stay: 'Hier bleiben',
  leave: 'Ohne Speichern verlassen',
};

export const rulesMode: Translation<typeof en.rulesMode> = {
  title: 'Regelmodus: Es ist kein Sprachmodell verbunden.',
  more: 'Modell verbinden',
  dismiss: 'Diesen Hinweis ausblenden',
  body: 'Phasen werden nach Ähnlichkeit zugeordnet und mit ihren festen Antworten beantwortet. Inhaber verbinden ein eigenes Modell unter Einstellungen → Modell. Der Betreiber verbindet eines für alle Unternehmen: Er setzt OPENAI_API_KEY (oder OPENAI_BASE_URL für einen anderen Server) und startet ICMP neu.',
};

export const webhookNotice: Translation<typeof en.webhookNotice> = {
  disabled:
    '{n, plural, one {Ein Webhook wurde wegen Fehlern deaktiviert.} other {# Webhooks wurden wegen Fehlern deaktiviert.}}',
  show: 'Anzeigen',
};

export const budgetNotice: Translation<typeof en.budgetNotice> = {
  day: '{share, number, ::percent} des heutigen Budgets sind ausgegeben.',
  month: '{share, number, ::percent} des Budgets dieses Monats sind ausgegeben.',
  show: 'Budget anzeigen',
};

export const modelStatus: Translation<typeof en.modelStatus> = {
  short: {
    ok: 'Modell verfügbar',
    degraded: 'Modell unzuverlässig',
    down: 'Modell antwortet nicht',
    none: 'Regelmodus',
    unknown: 'Modell länger nicht verwendet',
  },
  degraded: 'Einige Aufrufe des Sprachmodells schlagen fehl',
  down: 'Das Sprachmodell antwortet nicht',
  since: '(seit {time})',
  showCalls: 'Fehlgeschlagene Aufrufe anzeigen',
};

export const live: Translation<typeof en.live> = {
  offline:
    'Sie sind offline. Diese Seite ist möglicherweise nicht aktuell, und Änderungen können nicht gespeichert werden.',
  interrupted:
    'Die Live-Aktualisierung ist unterbrochen. Diese Seite ist möglicherweise nicht aktuell. Verbindung wird wiederhergestellt …',
};
