import type { Translation } from '../../translate';
import type * as en from '../health';

export const health: Translation<typeof en.health> = {
  title: 'Systemstatus',
  description: 'Der Status der Dienste, auf die ICMP angewiesen ist.',
  server: 'Server',
  database: 'Datenbank',
  model: 'Sprachmodell',
  ok: 'Verfügbar',
  down: 'Antwortet nicht',
  modelStates: {
    ok: 'Verfügbar',
    degraded: 'Einige Aufrufe schlagen fehl',
    down: 'Antwortet nicht',
    none: 'Nicht verbunden',
    unknown: 'In den letzten zehn Minuten nicht verwendet',
  },
  since: 'Seit {time}:',
  roundTrip: 'Antwortzeit',
  version: 'Version: {version}',
  checked: 'Zuletzt geprüft: {time}',
  checkNow: 'Jetzt prüfen',
  interval: 'Wird alle 10 Sekunden geprüft.',
  docs: 'API-Dokumentation',
};
