import type { Translation } from '../../translate';
import type * as en from '../secrets';

export const secretTexts: Translation<typeof en.secretTexts> = {
  title: 'Secretos',
  description:
    "Claves y contraseñas de otros sistemas. Las consultas y las acciones que llaman a otro sistema los usan como '{secret.name}'. Los valores se guardan cifrados y no se vuelven a mostrar.",
  new: 'Nuevo secreto',
  empty: 'Todavía no hay secretos',
  emptyHint: 'Añada la clave de API de otro sistema y úsela en una etapa que llame a ese sistema.',
  nameHint: 'Letras minúsculas, dígitos y guiones bajos, como “crm_key”.',
  nameInvalid: 'Empiece con una letra minúscula y use solo letras minúsculas, dígitos y guiones bajos.',
  value: 'Valor',
  valueHint: 'Al menos 8 caracteres. No podrá verlo más adelante, solo reemplazarlo.',
  valueInvalid: 'Introduzca al menos 8 caracteres.',
  neverUsed: 'Sin usar',
  lastUsed: 'último uso: {time}',
  changed: 'Cambiado el {time}',
  replace: 'Reemplazar el valor de {name}',
  replaceValue: 'Reemplazar valor',
  delete: 'Eliminar {name}',
  deleteTitle: '¿Eliminar {name}?',
  deleteHint: 'Ninguna etapa lo usa.',
  deleteUsed: 'Estas etapas lo usan y sus llamadas fallarán: {stages}',
  usedBy: 'Usado por: {stages}',
  copyName: 'Copiar {name}',
};
