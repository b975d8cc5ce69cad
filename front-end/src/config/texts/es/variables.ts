import type { Translation } from '../../translate';
import type * as en from '../variables';

export const variables: Translation<typeof en.variables> = {
  title: 'Variables',
  description:
    "Valores que pueden usar las plantillas. Por ejemplo, '{user_name}' se convierte en el nombre del cliente.",
  own: 'Personalizadas',
  ownHint: 'Valores que usted define una vez y usa en cualquier plantilla, como el horario de atención.',
  ownEmpty: 'Todavía no hay variables personalizadas.',
  builtIn: 'Integradas',
  new: 'Nueva variable',
  createNamed: 'Crear {name}',
  value: 'Valor',
  example: 'Ejemplo',
  aliases: 'Alias',
  fields: 'Campos',
  nameHint: "Por ejemplo, “Horario” se usa como '{horario}'.",
  nameNeeded: 'Introduzca un nombre.',
  valueNeeded: 'Introduzca un valor. Sin él, las plantillas mostrarían un espacio en blanco.',
  noValue: 'Sin valor. Las plantillas muestran un espacio en blanco.',
  edit: 'Editar {name}',
  delete: 'Eliminar {name}',
  deleteTitle: '¿Eliminar {name}?',
  deleteHint: 'Las plantillas que la usan mostrarán un espacio en blanco en su lugar.',
  noMatch: 'Ninguna variable coincide.',
  copyName: 'Copiar {name}',
};
