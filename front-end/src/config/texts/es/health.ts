import type { Translation } from '../../translate';
import type * as en from '../health';

export const health: Translation<typeof en.health> = {
  title: 'Estado del sistema',
  description: 'El estado de los servicios de los que depende ICMP.',
  server: 'Servidor',
  database: 'Base de datos',
  model: 'Modelo de lenguaje',
  ok: 'Disponible',
  down: 'No responde',
  modelStates: {
    ok: 'Disponible',
    degraded: 'Algunas llamadas fallan',
    down: 'No responde',
    none: 'Sin conectar',
    unknown: 'Sin uso en los últimos diez minutos',
  },
  since: 'Desde el {time}:',
  roundTrip: 'Tiempo de respuesta',
  version: 'Versión: {version}',
  checked: 'Última comprobación: {time}',
  checkNow: 'Comprobar ahora',
  interval: 'Se comprueba cada 10 segundos.',
  docs: 'Documentación de la API',
};
