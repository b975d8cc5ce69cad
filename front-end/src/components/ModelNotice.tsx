import { Alert, AlertTitle } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { texts } from '@/config/texts';
import { productQuery } from '@/lib/queries';

/** Says so where no model is connected, and how to connect one. */
export function ModelNotice() {
  const product = useQuery(productQuery());
  if (product.data?.model_connected !== false) return null;
  return (
    <Alert severity="info" role="note">
      <AlertTitle>{texts.rules.title}</AlertTitle>
      {texts.rules.body}
    </Alert>
  );
}
