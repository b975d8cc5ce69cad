import { useQuery } from '@tanstack/react-query';
import { businessQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';

export interface PermittedFields {
  update_order: readonly string[];
  update_customer: readonly string[];
  /** While false, no field is marked as not permitted. */
  isLoaded: boolean;
}

/** The fields that actions may change, from the settings of the business. */
export function usePermittedFields(): PermittedFields {
  const { business } = useSession();
  const { data } = useQuery(businessQuery(business.business_id));
  const permitted = data?.body.settings.writable_fields;
  return {
    update_order: permitted?.orders ?? [],
    update_customer: permitted?.customer ?? [],
    isLoaded: data !== undefined,
  };
}
