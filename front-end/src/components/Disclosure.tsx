import { Box, ButtonBase, Paper, Typography } from '@mui/material';
import { type ReactNode, useId } from 'react';
import { ExpandIcon } from './icons';

interface Props {
  title: string;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
  children: ReactNode;
  /** Where the first error of a form is looked for. */
  'data-tab'?: string;
}

/** A section that is rarely needed, behind its heading. The content stays mounted. */
export function Disclosure({ title, isOpen, onToggle, children, ...data }: Props) {
  const id = useId();
  return (
    <Paper variant="outlined">
      <Typography variant="h2" sx={{ fontSize: '1rem' }}>
        <ButtonBase
          id={`${id}-title`}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => onToggle(!isOpen)}
          sx={{ width: '100%', justifyContent: 'space-between', px: 2, py: 1.5, font: 'inherit', borderRadius: 1 }}
        >
          {title}
          <ExpandIcon sx={{ transform: isOpen ? 'rotate(180deg)' : 'none', transition: 'transform 0.15s' }} />
        </ButtonBase>
      </Typography>
      <Box
        {...data}
        role="region"
        id={id}
        aria-labelledby={`${id}-title`}
        hidden={!isOpen}
        sx={{ px: 2, pb: 2, pt: 1 }}
      >
        {children}
      </Box>
    </Paper>
  );
}
