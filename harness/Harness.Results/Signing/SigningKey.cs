using System.Security.Cryptography;

namespace Harness.Results.Signing;

/// <summary>
/// The private key of a coordinator or agent: ECDSA over P-256 with SHA-256. It lies outside the results, so that who can change a
/// result cannot sign it.
/// </summary>
public sealed class SigningKey : IDisposable
{
    readonly ECDsa _key;

    SigningKey(ECDsa key) => (_key, Public) = (key, new PublicKey(key.ExportSubjectPublicKeyInfo()));

    public PublicKey Public { get; }

    /// <summary>A fresh key that only this process knows.</summary>
    public static SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads the key of a PEM file (PKCS #8); makes one that only its owner may read where there is none.</summary>
    /// <exception cref="HarnessException">The file is no such key, or others may read it.</exception>
    public static SigningKey OpenOrCreate(FileInfo file) => file.Exists ? Open(file) : Save(file);

    /// <summary>Signature of <paramref name="content"/>, 64 bytes: r and s (IEEE P1363).</summary>
    public byte[] Sign(ReadOnlySpan<byte> content) => _key.SignData(content, HashAlgorithmName.SHA256);

    public void Dispose() => _key.Dispose();

    static SigningKey Open(FileInfo file)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.FullName) & others) != UnixFileMode.None)
            throw new HarnessException($"The signing key '{file.FullName}' can be read by others; allow only its owner: chmod 600.");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file.FullName));
            if (key.KeySize == 256) return new(key);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new HarnessException(
                $"'{file.FullName}' is not a private key in PEM form: {error.Message} Move it away to get a new one.", error);
        }
        key.Dispose();
        throw new HarnessException($"The key of '{file.FullName}' has {key.KeySize} bits; an ECDSA key over P-256 is needed.");
    }

    static SigningKey Save(FileInfo file)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        file.Directory!.Create();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var text = new StreamWriter(file.FullName, options);
        text.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
        return new(key);
    }
}
