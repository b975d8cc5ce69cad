import type { Translation } from '../../translate';
import type * as en from '../settings';

export const settings: Translation<typeof en.settings> = {
  business: 'Unternehmen',
  description: 'Was Ihr Assistent weiß und wie er antwortet. Änderungen gelten ab der nächsten Nachricht.',
  profile: 'Profil',
  profileHint:
    "Prompts enthalten diese Texte als '{business_info}' oder einzeln, zum Beispiel als '{business.address}'. Die nächste Antwort verwendet, was Sie hier eingeben.",
  businessName: 'Name',
  businessNameNeeded: 'Geben Sie einen Namen ein.',
  profileFields: {
    business_description: {
      label: 'Beschreibung',
      hint: 'Was das Unternehmen anbietet und was der Assistent darüber wissen soll. Teil des Prompts jeder Antwort.',
    },
    address: {
      label: 'Adresse',
      hint: 'Der Assistent nennt sie Kunden, die fragen, wo Sie zu finden sind.',
    },
    phone_number: {
      label: 'Telefonnummer',
      hint: 'Der Assistent nennt sie Kunden, die anrufen möchten.',
    },
    website: {
      label: 'Website',
      hint: 'Der Assistent nennt sie Kunden, die mehr wissen möchten.',
    },
  },
  hours: 'Öffnungszeiten und Sprachen',
  hoursHint:
    "Prompts enthalten die Öffnungszeiten als '{business_hours}' und beides als Teil von '{business_info}'. Während das Unternehmen geschlossen ist, sagt eine Antwort, die an eine Person übergibt, wann wieder jemand da ist.",
  hoursLabels: {
    title: 'Öffnungszeiten',
    onlyThen: 'Das Unternehmen hat Öffnungszeiten',
    always: 'Prompts enthalten keine Öffnungszeiten, und Personen gelten jederzeit als erreichbar.',
  },
  languagesHint:
    'Leer: Kunden erhalten Antworten in der Sprache, in der sie schreiben. Sonst nur in diesen Sprachen, und in der ersten, wenn sie in einer anderen schreiben.',
  quietHours: 'Ruhezeiten',
  quietHoursHint:
    'In dieser Zeit schreibt der Assistent nicht von sich aus. Nachrichten, die Ihre Systeme als Assistent senden, warten bis zum Ende der Ruhezeit. Es gilt die Zeitzone des Kunden oder, wenn sie nicht bekannt ist, die des Unternehmens. Antworten warten nicht.',
  keepsQuietHours: 'Der Assistent hält Ruhezeiten ein',
  quietTimes: {
    start: 'Von',
    end: 'Bis',
  },
  quietTimesInvalid: 'Geben Sie zwei verschiedene Zeiten ein.',
  conversations: 'Gespräche',
  conversationsHint: 'Wie die Phase einer Nachricht gewählt wird und wann ein neues Gespräch beginnt.',
  startingStage: 'Startphase',
  startingStageHint: 'Hier befindet sich ein neues Gespräch, bis eine Nachricht zu einer anderen Phase gehört.',
  firstStage: 'Die erste Phase der Liste',
  numbers: {
    confidence: {
      label: 'Mindestsicherheit (%)',
      hint: 'Eine Phase wird nur gewählt, wenn der Assistent mindestens so sicher ist; sonst bleibt das Gespräch, wo es ist. Phasen können einen eigenen Mindestwert haben. Leer: 50.',
    },
    idle_minutes: {
      label: 'Leerlaufzeit (Minuten)',
      hint: 'Nach dieser Zeit ohne Nachrichten beginnt die nächste Nachricht ein neues Gespräch. Leer: 30.',
    },
    summary_messages: {
      label: 'Nachrichten pro Zusammenfassung',
      hint: 'Nach so vielen Nachrichten wird die Zusammenfassung des Gesprächs mit der nächsten Antwort aktualisiert. 0: nie. Leer: 20.',
    },
  },
  numberInvalid: 'Geben Sie eine Zahl von {min, number} bis {max, number} oder nichts ein.',
  integerInvalid: 'Geben Sie eine ganze Zahl von {min, number} bis {max, number} oder nichts ein.',
  ownTexts: {
    handover_message: {
      label: 'Text, wenn eine Person antworten wird',
      hint: 'Wird gesendet, wenn der Assistent ohne eigene Antwort übergibt. Kann Variablen enthalten. Leer: ein Standardtext in der Sprache der Nachricht.',
    },
    clarifying_question: {
      label: 'Rückfrage bei unklarer Nachricht',
      hint: 'Wird ohne Modell gesendet, wenn eine Nachricht zu keiner Phase gehört. Kann Variablen enthalten. Leer: ein Standardtext in der Sprache der Nachricht.',
    },
  },
  modelPage: 'Modell',
  modelPageHint: 'Welches Sprachmodell die nächste Nachricht beantwortet, und wie.',
  model: 'Sprachmodell',
  modelHint:
    'Prompts gehen an dieses Modell, sofern eine Vorlage kein anderes angibt. Die Schritte jeder Antwort zeigen, welches Modell geantwortet hat.',
  servers: {
    platform: {
      title: 'Das Modell dieser Plattform',
      hint: 'Der Betreiber der Plattform stellt es bereit.',
    },
    own: {
      title: 'Ihr eigener Modellserver oder Ihr eigenes Konto',
      hint: 'Prompts gehen mit Ihrem Schlüssel an einen Server mit OpenAI-kompatibler API. Er muss aus dem Internet erreichbar sein.',
    },
  },
  noPlatformModel: 'Diese Plattform hat kein Modell, deshalb wird nach Regeln geantwortet.',
  modelName: 'Modell',
  modelNameHint: 'Leer: {byDefault}.',
  noDefaultModel: 'Diese Plattform hat kein Modell.',
  allowedModelHint: 'Der Betreiber der Plattform lässt diese Modelle zu.',
  modelRefused: 'Der Betreiber lässt {name} nicht mehr zu. Stattdessen antwortet {byDefault}.',
  defaultModel: 'Standard ({name})',
  ownModelHint: 'Der Name eines Modells auf dem Server. Vorlagen können andere angeben.',
  serverUrl: 'URL',
  serverUrlHint: 'Die Basis-URL, zum Beispiel https://api.openai.com/v1.',
  serverKey: 'API-Schlüssel',
  keyHint: 'Wird nur an diesen Server gesendet, als Secret gespeichert und nie wieder angezeigt. Leer: kein Schlüssel.',
  keyStored:
    'Dieser Server erhält den Schlüssel aus dem Secret „{name}“. Geben Sie einen anderen ein, um ihn zu ersetzen.',
  keyTooShort: 'Ein Schlüssel hat mindestens {length, plural, one {# Zeichen} other {# Zeichen}}.',
  withoutKey: 'Keinen Schlüssel verwenden',
  modelNumbers: {
    temperature: {
      label: 'Temperatur',
      hint: 'Von 0 (immer dieselben Worte) bis 2 (abwechslungsreich). Leer: der Standardwert des Modells.',
    },
    max_tokens: {
      label: 'Maximale Länge (Tokens)',
      hint: 'Längere Antworten werden abgeschnitten. Leer: der Standardwert des Modells.',
    },
    timeout: {
      label: 'Zeitlimit (Sekunden)',
    },
  },
  timeoutHint:
    'Nach dieser Zeit schlägt ein Aufruf fehl und wird wiederholt. Schlägt er weiterhin fehl, wird die feste Antwort der Phase gesendet. Leer: {seconds, number}.',
  images: 'Das Modell verarbeitet Bilder',
  imagesHint:
    'Der Assistent sieht dann die Bilder, die Kunden über Kanäle senden, bis zu drei pro Nachricht. Sonst antwortet er, dass er sie nicht sehen kann.',
  test: 'Testen',
  tested: '{model} hat in {duration} geantwortet:',
  testFailed: '{model} hat nicht geantwortet:',
  pause: 'Assistenten pausieren',
  pauseHint:
    'Solange der Assistent pausiert ist, antwortet er Kunden nicht. Ihre Nachrichten warten im Posteingang auf Ihr Team.',
  pauseSwitch: 'Assistenten für das ganze Unternehmen pausieren',
  pauseTitle: 'Assistenten pausieren?',
  pauseBody:
    'Er antwortet sofort in keinem Gespräch mehr, auch nicht in denen, in denen er gerade schreibt. Ihr Team kann im Posteingang antworten. Nachrichten, die während der Pause eintreffen, warten auf eine Person.',
  pauseConfirm: 'Pausieren',
  pausedNow: 'Der Assistent ist pausiert.',
  resumedNow: 'Der Assistent antwortet wieder.',
  handover: 'Wann eine Person übernimmt',
  handoverHint:
    'In diesen Fällen und in den Phasen menschlicher Agenten übergibt der Assistent das Gespräch an Ihr Team. Er antwortet erst wieder, wenn jemand das Gespräch zurückgibt.',
  handoverRules: {
    needs_person: 'Die Antwort kündigt an, dass eine Person antworten wird',
    low_confidence: 'Die Phase war zweimal hintereinander unsicher',
    failed_lookups: 'Eine Abfrage ist zweimal hintereinander fehlgeschlagen oder hat nichts gefunden',
  },
  keywords: 'Stichwörter',
  keywordsHint: 'Eines pro Zeile. Eine Nachricht, die eines davon als ganzes Wort enthält, geht sofort an eine Person.',
  agents: 'Agenten',
  agentsHint:
    'Phasen können Agenten zugewiesen werden. Gespräche in den Phasen eines menschlichen Agenten werden reihum dessen Mitgliedern zugewiesen.',
  noAgents: 'Noch keine Agenten.',
  newAgent: 'Neuer Agent',
  editAgent: '„{name}“ bearbeiten',
  deleteAgent: '„{name}“ löschen',
  deleteAgentTitle: '„{name}“ löschen?',
  deleteAgentHint: 'Phasen mit weiteren Agenten behalten diese. Andere Phasen haben danach keinen Agenten.',
  agentNameNeeded: 'Geben Sie einen Namen ein.',
  agentType: 'Typ',
  agentTypes: {
    human: 'Mensch',
    ai: 'Assistent',
  },
  humanWith: 'Mensch, {n, plural, =0 {keine Mitglieder} one {# Mitglied} other {# Mitglieder}}',
  members: 'Mitglieder',
  membersHint: 'Neue Gespräche gehen reihum an sie.',
  noMembers: 'Dieses Unternehmen hat noch keine Mitglieder mit der Rolle Agent oder Inhaber.',
  writable: 'Was Aktionen ändern dürfen',
  writableHint:
    'Aktionen von Phasen können diese Felder des schreibenden Kunden und seiner eigenen Bestellungen ändern. Nicht ausgewählte Felder werden nie geändert.',
  writableOwners: {
    orders: 'Bestellungen',
    customer: 'Kunde',
  },
  writableEmail:
    'Andere Systeme finden den Kunden möglicherweise über diese Adresse. Aktionen, die sie ändern, sollten vorher nachfragen.',
  speculation: 'Geschwindigkeit und Kosten der Antworten',
  speculationHint:
    'Um eine Nachricht zu beantworten, stellt ICMP dem Modell drei Fragen: zu welcher Phase die Nachricht gehört, welche Angaben sie enthält und wie die Antwort lauten soll. Die nächste Frage kann gestellt werden, bevor die vorige beantwortet ist. Das ist schneller, aber eine Antwort, die sich als unpassend erweist, wird verworfen und kostet trotzdem Geld. Kunden sehen davon nichts. Die Schritte jeder Antwort zeigen, was dadurch gespart wurde und was es gekostet hat.',
  modes: {
    off: {
      title: 'Eine Frage nach der anderen',
      hint: 'Am langsamsten und günstigsten. Eine Antwort wartet auf drei Antworten des Modells.',
    },
    extraction: {
      title: 'Phase und Angaben zusammen',
      hint: 'Eine Antwort wartet auf zwei Antworten des Modells. Wenn die Phase wechselt, wird eine davon verworfen. Dies ist der Standard.',
    },
    full: {
      title: 'Alle drei zusammen, wenn ein Phasenwechsel unwahrscheinlich ist',
      hint: 'Viele Antworten warten nur auf eine Antwort des Modells. ICMP bereitet die Antwort frühzeitig vor, wenn das Gespräch bereits in seiner Phase war und die Nachricht gut zu ihr passt. Die Antwort wird verworfen, wenn die Phase wechselt oder die Nachricht neue Angaben enthält, die sie braucht. ICMP bereitet in einer Phase keine Antwort vor, wenn sie Aktionen hat, noch erforderliche Angaben braucht oder anhand von Angaben aus der Nachricht etwas abruft.',
    },
  },
};
