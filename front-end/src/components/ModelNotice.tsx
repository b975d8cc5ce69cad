import { Alert, AlertTitle, Button, useMediaQuery, useTheme } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { texts } from '@/config/texts';
import { productQuery } from '@/lib/queries';

/** Tells the user if no model is connected, and how to connect one. Collapsed on small screens. */
export function ModelNotice() {
  const product = useQuery(productQuery());
  const isSmall = useMediaQuery(useTheme().breakpoints.down('sm'));
  const [isOpen, setIsOpen] = useState(false);
  if (product.data?.model_connected !== false) return null;
  const isShown = !isSmall || isOpen;
  return (
    <Alert
      severity="info"
      role="note"
      action={
        isSmall && (
          <Button size="small" color="inherit" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? texts.common.less : texts.common.more}
          </Button>
        )
      }
    >
      <AlertTitle sx={isShown ? {} : { mb: 0 }}>{texts.rulesMode.title}</AlertTitle>
      {isShown && texts.rulesMode.body}
    </Alert>
  );
}
