"""The user model: an address that receives mail is the name."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from storefront.core.vault import SealedRow


class UserManager(BaseUserManager["User"]):
    """Creates users; addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who can sign in; without a password only by other means."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The owner: may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A customer with an account, or a member of staff."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (models.UniqueConstraint(Lower("email"), name="one_account_per_address"),)

    def __str__(self) -> str:
        return self.email


class SignInCode(models.Model):
    """A code that was mailed: good once, for a while, in the browser that asked for it."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    email = models.EmailField()
    # Keyed: six digits are found by trying, by whoever has the table alone.
    code_hash = models.BinaryField()
    created_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    guesses = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"code for {self.email}"


class FactorSecret(SealedRow):
    """What a second factor of staff is made of (the key of an authenticator app, the seed of
    recovery codes), named by the factor's row. It outlives its factor and is then of no use.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"factor {self.pk}"

    @property
    def seal_context(self) -> str:
        """What the ciphertext is bound to."""
        return f"accounts.factorsecret|{self.pk}|secret"
