using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using NATS.Client.Core;

namespace Harness.Queue.Nats.Keys;

/// <summary>Trust in one authority and in no other, known by its fingerprint.</summary>
static class PinnedAuthority
{
    public static NatsTlsOpts Options(string fingerprint) => fingerprint == EnrolmentToken.Plain
        ? new NatsTlsOpts { Mode = TlsMode.Disable }
        : new NatsTlsOpts
        {
            Mode = TlsMode.Require,
            ConfigureClientAuthentication = options =>
            {
                options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    Trusts(fingerprint, certificate, chain, errors);
                return ValueTask.CompletedTask;
            },
        };

    static bool Trusts(string fingerprint, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || chain is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return false;
        using var server = new X509Certificate2(certificate);
        var authority = chain.ChainPolicy.ExtraStore.Concat(chain.ChainElements.Select(element => element.Certificate))
            .FirstOrDefault(sent => Certificates.FingerprintOf(sent) == fingerprint);
        if (authority is null) return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.Add(authority);
        // The authority belongs to one coordinator and publishes no list of revoked certificates; its own are made at every start.
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return own.Build(server);
    }
}
