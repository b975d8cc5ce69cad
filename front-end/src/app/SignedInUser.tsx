import { Typography } from '@mui/material';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import type { Me } from '@/lib/types';

/** Who is signed in, with their role and, where the business is not shown elsewhere, the business. */
export function SignedInUser({ withBusiness = false }: { withBusiness?: boolean }) {
  const { me, business } = useSession();
  const name = nameOf(me);
  const place = [roleOf(me), withBusiness ? business.business_name : ''].filter(Boolean).join(' · ');
  return (
    <>
      <Typography variant="body2" noWrap title={name} sx={{ fontWeight: 600 }}>
        <bdi>{name}</bdi>
      </Typography>
      <Typography variant="caption" component="p" color="textSecondary" noWrap title={place}>
        <bdi>{place}</bdi>
      </Typography>
    </>
  );
}

function nameOf({ user }: Me): string {
  if (!user) return texts.nav.businessKey;
  const name = [user.first_name, user.last_name].filter((part) => part?.trim()).join(' ');
  return name || user.email || user.user_id.slice(-8);
}

/** Operators who are not members, and keys, have no role. */
function roleOf(me: Me): string {
  if (me.role) return texts.nav.roles[me.role];
  return me.kind === 'login' ? texts.nav.operator : texts.nav.keyRole;
}
