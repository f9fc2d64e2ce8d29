using Harness.Results;

namespace Harness.Cli;

/// <summary>What a process of the harness returns; scripts may rely on these.</summary>
public static class ExitCodes
{
    public const int Ok = 0;
    public const int Internal = 1;
    public const int Usage = 2;
    public const int SomeFailed = 3;
    public const int Regression = 4;
    public const int VerificationFailed = 5;
    public const int Infrastructure = 6;
    public const int ClaimsFailed = 7;
    public const int Interrupted = 130;

    /// <summary>A mistake in what was asked is 2; a place or file that does not serve is 6.</summary>
    public static int Of(HarnessException exception) => exception switch
    {
        DataUnavailableException or ResultsLockedException or ResultNotStoredException => Infrastructure,
        ResultDamagedException => VerificationFailed,
        _ => Usage,
    };
}
