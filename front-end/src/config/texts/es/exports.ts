import type { Translation } from '../../translate';
import type * as en from '../exports';

export const exportTexts: Translation<typeof en.exportTexts> = {
  title: 'Exportar y eliminar',
  description: 'Llévese todos los datos de esta empresa o elimine la empresa.',
  needsLogin:
    'Está conectado con la clave de empresa. Inicie sesión como propietario con su dirección de correo para exportar o eliminar la empresa.',
  export: 'Exportar todos los datos',
  exportHint:
    'Un archivo ZIP con todo lo de esta empresa: clientes, conversaciones con todos sus pasos, pedidos, productos, artículos, etapas, plantillas, ajustes, equipo y registro de auditoría. Cada archivo contiene un objeto JSON por línea. No se incluyen las contraseñas, las claves ni los valores de los secretos. El archivo se conserva durante siete días o hasta la próxima exportación.',
  create: 'Crear exportación',
  started: 'La exportación ha comenzado. Puede salir de esta página.',
  exports: 'Exportaciones',
  statuses: {
    waiting: 'En espera',
    running: 'En curso',
    finished: 'Lista',
    failed: 'Falló. Vuelva a crear la exportación.',
  },
  rows: '{n, plural, one {# fila} other {# filas}}',
  keptUntil: 'se conserva hasta: {time}',
  download: 'Descargar',
  delete: 'Eliminar la exportación del {date}',
  deleteTitle: '¿Eliminar esta exportación?',
  deleteHint: 'Se elimina el archivo. Los datos de la empresa no se ven afectados.',
  remove: 'Eliminar la empresa',
  removeHint:
    'Siete días después, la empresa se elimina con todos sus datos: clientes, conversaciones, pedidos, ajustes y el acceso de este equipo. Hasta entonces todo funciona como antes, y cualquier propietario puede cancelar la eliminación. Después no se puede recuperar nada. Solo queda una entrada en el registro de auditoría de la plataforma, con la hora y su cuenta. También quedan las cuentas de los miembros, sin acceso a esta empresa.',
  removeButton: 'Eliminar empresa…',
  confirmTitle: '¿Eliminar “{name}” en siete días?',
  confirmHint: 'Para confirmar, introduzca el nombre de la empresa: {name}',
  name: 'Nombre de la empresa',
  wrongName: 'Este no es el nombre de la empresa.',
  confirm: 'Eliminar en siete días',
  plannedHint: 'Hasta entonces, todo funciona.',
  cancel: 'Cancelar la eliminación',
  cancelled: 'La empresa no se eliminará.',
};
