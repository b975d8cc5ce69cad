import type { Translation } from '../../translate';
import type * as en from '../account';

export const accountTexts: Translation<typeof en.accountTexts> = {
  signUp: {
    title: 'Crear una empresa',
    hint: 'Su cuenta y su empresa se crean a la vez. Más adelante podrá invitar a sus compañeros.',
    businessName: 'Nombre de la empresa',
    email: 'Su correo electrónico',
    submit: 'Crear empresa',
    submitting: 'Creando…',
    failed: 'No se pudo crear la empresa',
    takenHint: 'Si ya tiene una cuenta, inicie sesión.',
    closed: 'En este servidor no se pueden crear cuentas nuevas. Pida una al operador.',
    invited: 'Para crear una empresa necesita un enlace del operador de este servidor.',
    haveAccount: '¿Ya tiene una cuenta? Inicie sesión',
  },
  forgot: {
    title: 'Contraseña olvidada',
    hint: 'Introduzca la dirección de correo de su cuenta. Le enviaremos un enlace para elegir una contraseña nueva.',
    submit: 'Enviar enlace',
    sent: 'Si existe una cuenta con la dirección {email}, recibirá un enlace en unos minutos. El enlace es válido durante una hora. Revise también la carpeta de correo no deseado.',
    noMail: 'Este servidor no envía correo. Pida a su operador un enlace para elegir una contraseña nueva.',
    failed: 'No se pudo enviar el enlace',
    back: 'Volver al inicio de sesión',
  },
  reset: {
    title: 'Elija una contraseña nueva',
    hint: 'Se cerrarán todas sus sesiones y deberá entrar con la contraseña nueva.',
    submit: 'Guardar contraseña nueva',
    failed: 'No se pudo guardar la contraseña',
    done: 'Su contraseña se ha cambiado.',
    signIn: 'Iniciar sesión',
    noToken: 'Este enlace está incompleto. Abra el enlace completo del mensaje o pida uno nuevo.',
    askAgain: 'Pedir un enlace nuevo',
  },
  verify: {
    title: 'Confirme su dirección de correo',
    hint: 'Confirme que {email} es su dirección.',
    signInFirst: 'Inicie sesión para confirmar la dirección de su cuenta.',
    submit: 'Confirmar dirección',
    failed: 'No se pudo confirmar la dirección',
    done: 'Su dirección está confirmada.',
    continue: 'Continuar',
  },
};
