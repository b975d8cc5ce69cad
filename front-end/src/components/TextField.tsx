import {
  FormControl,
  FormHelperText,
  InputLabel,
  OutlinedInput,
  type OutlinedInputProps,
  type TextFieldProps,
} from '@mui/material';
import { type LabelHTMLAttributes, useId } from 'react';

type Props = Pick<
  TextFieldProps,
  | 'autoComplete'
  | 'autoFocus'
  | 'disabled'
  | 'error'
  | 'fullWidth'
  | 'helperText'
  | 'id'
  | 'inputRef'
  | 'label'
  | 'maxRows'
  | 'minRows'
  | 'multiline'
  | 'name'
  | 'onBlur'
  | 'onChange'
  | 'onKeyDown'
  | 'placeholder'
  | 'required'
  | 'sx'
  | 'type'
  | 'value'
> & {
  slotProps?: {
    htmlInput?: NonNullable<OutlinedInputProps['inputProps']>;
    input?: Partial<OutlinedInputProps>;
    inputLabel?: Omit<LabelHTMLAttributes<HTMLLabelElement>, 'color'> & { shrink?: boolean };
  };
};

/** MUI's text field without its menus of select fields, whose code is large. */
export function TextField({
  disabled = false,
  error = false,
  fullWidth = true,
  helperText,
  id,
  label,
  onKeyDown,
  required = false,
  slotProps,
  sx,
  ...props
}: Props) {
  const { htmlInput, input, inputLabel } = slotProps ?? {};
  const ownId = useId();
  const inputId = id ?? ownId;
  return (
    <FormControl
      size="small"
      disabled={disabled}
      error={error}
      fullWidth={fullWidth}
      required={required}
      {...(onKeyDown ? { onKeyDown } : {})}
      {...(sx ? { sx } : {})}
    >
      {label && (
        <InputLabel htmlFor={inputId} id={`${inputId}-label`} {...inputLabel}>
          {label}
        </InputLabel>
      )}
      <OutlinedInput
        id={inputId}
        fullWidth={fullWidth}
        label={label}
        {...(htmlInput ? { inputProps: htmlInput } : {})}
        {...(inputLabel?.shrink === undefined ? {} : { notched: inputLabel.shrink })}
        {...(helperText ? { 'aria-describedby': `${inputId}-helper-text` } : {})}
        {...props}
        {...input}
      />
      {helperText && <FormHelperText id={`${inputId}-helper-text`}>{helperText}</FormHelperText>}
    </FormControl>
  );
}
