using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Harness.Queue.Blobs;

namespace Harness.Queue.Nats.Keys;

/// <summary>
/// The certificates of a coordinator: an authority of its own, made once, and one for the server, made anew at every start.
/// </summary>
public sealed class Certificates
{
    static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(10 * 365), ServerLife = TimeSpan.FromDays(90);
    const string ServerUse = "1.3.6.1.5.5.7.3.1";

    Certificates(FileInfo authority, FileInfo server, FileInfo key, string fingerprint) =>
        (Authority, Server, ServerKey, Fingerprint) = (authority, server, key, fingerprint);

    public FileInfo Authority { get; }
    public FileInfo Server { get; }
    public FileInfo ServerKey { get; }
    /// <summary>SHA-256 of the authority's certificate.</summary>
    public string Fingerprint { get; }

    /// <param name="names">Host names and addresses that devices reach the server by.</param>
    public static Certificates Create(DirectoryInfo folder, IReadOnlyList<string> names, TimeProvider time)
    {
        folder.Create();
        var authorityFile = new FileInfo(Path.Combine(folder.FullName, "ca.pem"));
        using var authority = authorityFile.Exists ? Open(authorityFile) : Found(authorityFile, time);
        var (server, key) = (new FileInfo(Path.Combine(folder.FullName, "server.pem")),
            new FileInfo(Path.Combine(folder.FullName, "server.key")));
        Issue(authority, names, time, server, key);
        return new(authorityFile, server, key, FingerprintOf(authority));
    }

    public static string FingerprintOf(X509Certificate2 certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    static FileInfo KeyOf(FileInfo authority) => new(Path.ChangeExtension(authority.FullName, ".key"));

    static X509Certificate2 Open(FileInfo file) => X509Certificate2.CreateFromPemFile(file.FullName, KeyOf(file).FullName);

    static X509Certificate2 Found(FileInfo file, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=harness fleet", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now + AuthorityLife);
        DurableFile.Replace(KeyOf(file).FullName, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        DurableFile.Replace(file.FullName, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));
        return certificate;
    }

    static void Issue(X509Certificate2 authority, IReadOnlyList<string> names, TimeProvider time, FileInfo file, FileInfo keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=harness coordinator", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(NamesOf(names));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerUse)], false));
        var now = time.GetUtcNow();
        using var certificate = request.Create(authority, now.AddDays(-1), now + ServerLife, RandomNumberGenerator.GetBytes(12));
        DurableFile.Replace(keyFile.FullName, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        // The authority goes along, so that a device that knows only its fingerprint can check the chain.
        var chain = certificate.ExportCertificatePem() + "\n" + authority.ExportCertificatePem() + "\n";
        DurableFile.Replace(file.FullName, Encoding.ASCII.GetBytes(chain));
    }

    static X509Extension NamesOf(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Append("localhost").Append("127.0.0.1").Append("::1").Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out var address)) builder.AddIpAddress(address);
            else builder.AddDnsName(name);
        }
        return builder.Build();
    }
}
