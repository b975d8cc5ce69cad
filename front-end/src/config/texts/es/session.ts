import type { Translation } from '../../translate';
import type * as en from '../session';

export const introduction: Translation<typeof en.introduction> = {
  title: 'Responda a sus clientes con un asistente que usted controla',
  points: {
    stages: 'Usted describe las etapas de una conversación: qué pregunta, consulta, hace y dice el asistente.',
    explanations: 'En cada respuesta puede ver, paso a paso, por qué se dio.',
    team: 'Su equipo interviene siempre que haga falta una persona.',
  },
  openDemo: 'Abrir la demo',
  demoHint: 'Una tienda ficticia con productos, pedidos y conversaciones. Puede cambiarlo todo.',
  demoFailed: 'No se pudo abrir la demo',
};

export const login: Translation<typeof en.login> = {
  title: 'Iniciar sesión',
  byEmail: 'Correo y contraseña',
  byKey: 'Clave de empresa',
  email: 'Correo electrónico',
  password: 'Contraseña',
  userId: 'ID de usuario',
  businessId: 'ID de empresa',
  businessKey: 'Clave de empresa',
  keyHint:
    'Introduzca los tres valores que recibió cuando se creó la empresa. La clave se cambia por una cookie válida durante 12 horas. No se guarda en este navegador.',
  submit: 'Iniciar sesión',
  submitting: 'Iniciando sesión…',
  missing: 'Este campo es obligatorio.',
  notUuid: 'Introduzca un ID como 3f2b6c1e-….',
  failed: 'No se pudo iniciar sesión',
  refused: 'Los ID y la clave no coinciden.',
  code: 'Código',
  codeHint: 'Introduzca el código de 6 dígitos de su aplicación de autenticación o uno de sus códigos de recuperación.',
  forgot: '¿Olvidó su contraseña?',
  createBusiness: 'Crear una empresa',
  newBusiness: 'Nombre de una empresa nueva',
  refusedEmail: 'El correo o la contraseña son incorrectos.',
  ended: 'Su sesión ha terminado',
  endedHint: 'Inicie sesión de nuevo para continuar. Sus cambios sin guardar siguen en la página.',
  otherBusiness: 'Inició sesión en otra empresa, por lo que se recargó la página.',
  chooseBusiness: 'Elija una empresa',
  noBusiness: 'No es miembro de ninguna empresa. Un propietario puede invitarle.',
};

export const invitation: Translation<typeof en.invitation> = {
  title: 'Elija su contraseña',
  hint: 'Elija una contraseña para iniciar sesión en ICMP.',
  hintFor: 'Elija una contraseña para iniciar sesión en ICMP con la dirección {email}.',
  repeatPassword: 'Repita la contraseña',
  minLength: 'Al menos {n, plural, one {# carácter} other {# caracteres}}.',
  mismatch: 'Las contraseñas no coinciden.',
  submit: 'Guardar contraseña e iniciar sesión',
  joinTitle: 'Unirse a una empresa',
  joinBusiness: 'Unirse a {business}',
  invited: 'Ha recibido una invitación a {business}. Su rol: {role}.',
  invitedBy: '{inviter} le ha invitado a {business}. Su rol: {role}.',
  joinHint:
    'Si ya tiene una cuenta con la dirección a la que se envió este enlace, introduzca su contraseña. Si no, elija una.',
  joinHintFor: 'Si ya tiene una cuenta con la dirección {email}, introduzca su contraseña. Si no, elija una.',
  newPassword: 'Contraseña nueva',
  newPasswordHint:
    'Su cuenta se usa en otra empresa y no estaba verificada. Elija una contraseña nueva. Todas las demás sesiones de la cuenta se cerrarán.',
  join: 'Unirse',
  joinAs: 'Unirse como {email}',
  failed: 'No se pudo aceptar la invitación',
  noToken: 'Este enlace de invitación está incompleto. Abra el enlace completo que recibió o pida uno nuevo.',
};
