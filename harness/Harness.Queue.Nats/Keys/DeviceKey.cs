using Harness.Queue.Blobs;
using Harness.Queue.Protocol;
using NATS.NKeys;

namespace Harness.Queue.Nats.Keys;

/// <summary>An nkey of a user (Ed25519): it opens connections and signs results.</summary>
public sealed class DeviceKey : IDeviceKey
{
    readonly KeyPair _pair;

    DeviceKey(string seed)
    {
        Seed = seed;
        try
        {
            _pair = KeyPair.FromSeed(seed);
            Public = _pair.GetPublicKey();
        }
        catch (Exception error) when (error is NKeysException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            throw new HarnessException("The key is not the seed of an nkey (it begins with SU and has 58 letters and digits).", error);
        }
        if (!KeyPair.IsValidPublicKey(PrefixByte.User, Public))
            throw new HarnessException("The key is an nkey of another kind; the seed of a user is needed, it begins with SU.");
    }

    public string Public { get; }

    /// <summary>The secret half; it is written into files that only their owner may read, and nowhere else.</summary>
    internal string Seed { get; }

    public static DeviceKey Create()
    {
        using var pair = KeyPair.CreatePair(PrefixByte.User);
        return new(pair.GetSeed());
    }

    /// <exception cref="HarnessException">No seed of a user.</exception>
    public static DeviceKey FromSeed(string seed) => new(seed.Trim());

    /// <summary>Reads the key of a file, or makes one that only its owner may read.</summary>
    public static DeviceKey OpenOrCreate(FileInfo file)
    {
        if (file.Exists)
        {
            const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.FullName) & others) != UnixFileMode.None)
                throw new HarnessException($"The key '{file.FullName}' can be read by others; allow only its owner: chmod 600.");
            return FromSeed(File.ReadAllText(file.FullName));
        }
        var key = Create();
        DurableFile.Replace(file.FullName, System.Text.Encoding.ASCII.GetBytes(key.Seed + "\n"));
        file.Refresh();
        return key;
    }

    public string Sign(ReadOnlySpan<byte> content)
    {
        var signature = new byte[64];
        _pair.Sign(content.ToArray(), signature);
        return Convert.ToBase64String(signature);
    }

    /// <summary>A <see cref="SignatureCheck"/>.</summary>
    public static bool Confirms(string publicKey, ReadOnlySpan<byte> content, string signature)
    {
        var bytes = new byte[64];
        if (!Convert.TryFromBase64String(signature, bytes, out var length) || length != 64) return false;
        if (!KeyPair.IsValidPublicKey(PrefixByte.User, publicKey)) return false;
        using var pair = KeyPair.FromPublicKey(publicKey);
        return pair.Verify(content.ToArray(), bytes);
    }
}
